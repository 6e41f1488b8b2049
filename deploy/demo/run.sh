#!/usr/bin/env bash
# The demo: a control plane that serves deploy/demo/xds, two upstream services, the sidecar. Ctrl-C ends all of them.
set -euo pipefail
cd "$(dirname "$0")/../.."

declare -A pids=()
order=()

# start NAME COMMAND...: runs it in the background, its output behind its name.
start() {
  local name=$1
  shift
  "$@" > >(trap '' INT TERM HUP; exec sed -u "s/^/[$name] /") 2>&1 &
  pids[$name]=$!
  order=("$name" "${order[@]}")
}

# The sidecar first, so that it drains while its upstreams still answer.
stop() {
  trap '' INT TERM HUP
  local name pid tenths
  for name in "${order[@]}"; do
    pid=${pids[$name]}
    kill -TERM "$pid" 2>/dev/null || true
    for ((tenths = 0; tenths < 50; tenths++)); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap stop EXIT
trap 'echo; exit 0' INT TERM
trap 'exit 0' HUP

check_alive() {
  local name
  for name in "${order[@]}"; do
    if ! kill -0 "${pids[$name]}" 2>/dev/null; then
      sleep 0.2
      echo "$name ended; see its last lines above" >&2
      exit 1
    fi
  done
}

# wait_for WHAT COMMAND...: until the command succeeds, at most 15 seconds.
wait_for() {
  local what=$1 tenths
  shift
  for ((tenths = 0; tenths < 150; tenths++)); do
    "$@" >/dev/null 2>&1 && return
    check_alive
    sleep 0.1
  done
  echo "$what is not there after 15 seconds" >&2
  exit 1
}

accepts() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

for file in artifacts/sidecar-control-plane/sidecar-control-plane artifacts/sidecar/sidecar; do
  [ -x "$file" ] || { echo "$file is missing: run 'make publish' first" >&2; exit 1; }
done
for port in 18000 18081 18082 9901 10000; do
  if accepts "$port" 2>/dev/null; then
    echo "port $port of 127.0.0.1 is taken; the demo needs 18000, 18081, 18082, 9901 and 10000" >&2
    exit 1
  fi
done

start control-plane artifacts/sidecar-control-plane/sidecar-control-plane --folder deploy/demo/xds --listen 127.0.0.1:18000
start upstreams node deploy/demo/upstreams.mjs
wait_for "the control plane" accepts 18000
wait_for "blue" accepts 18081
wait_for "green" accepts 18082
start sidecar artifacts/sidecar/sidecar -c deploy/demo/bootstrap.yaml
wait_for "the sidecar" curl -sf -m 1 http://127.0.0.1:9901/ready
wait_for "the sidecar's listener" accepts 10000

cat <<'TRY'

The demo is up. In another terminal:

  curl -s 127.0.0.1:10000/                           80 of 100 times blue, else green
  curl -s --http2-prior-knowledge 127.0.0.1:10000/   the same over HTTP/2
  curl -s -H 'x-service: green' 127.0.0.1:10000/     always green
  curl -s 127.0.0.1:10000/hello                      answered by the sidecar itself
  curl -si 127.0.0.1:10000/old/page                  a redirect to /page
  curl -s 127.0.0.1:9901/clusters                    hosts and their counters
  curl -s 127.0.0.1:9901/stats/prometheus            what Prometheus scrapes

Change a weight in deploy/demo/xds/routes.yaml and save: the next requests follow it. Break the file: the control
plane says where, and what ran before keeps running. Ctrl-C ends the demo.

TRY
status=0
wait -n || status=$?
sleep 0.2
check_alive
exit "$status"
