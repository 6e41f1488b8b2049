#!/usr/bin/env bash
# Side by side in one run: sidecar, HAProxy, nginx. The proxy has CPU 0, origin and load generator share CPU 1.
# Prints the proxy's CPU time per request (scheduler's nanoseconds over all its threads), requests/s, latency, memory, and the
# ratio to HAProxy. Absolute numbers are the machine's; the ratios carry over.
#
#   tests/bench/macro/run.sh [case ...]      cases: h1-32 h1-256 h1-64k h1-headers h2-4x8 (default: all)
#   SECONDS_PER_CASE=5 ROUNDS=3 PROXIES="sidecar haproxy nginx" tests/bench/macro/run.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
duration=${SECONDS_PER_CASE:-5}
rounds=${ROUNDS:-3}
proxies=${PROXIES:-sidecar haproxy nginx}
cases=${*:-h1-32 h1-256 h1-64k h1-headers h2-4x8}
work=$(mktemp -d)
origin_port=18080
declare -A port=([sidecar]=18100 [haproxy]=18101 [nginx]=18102)
declare -A pids=()

cleanup() {
  for p in "${pids[@]:-}"; do [ -n "$p" ] && kill "$p" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT INT TERM

for tool in nginx haproxy wrk h2load; do
  command -v "$tool" >/dev/null || { echo "bench: $tool is missing (make bench installs it as root)"; exit 1; }
done
[ -x "$root/artifacts/sidecar/sidecar" ] || { echo "bench: run 'make publish' first"; exit 1; }

head -c 1024 /dev/zero | tr '\0' 'x' > "$work/1k"
head -c 65536 /dev/zero | tr '\0' 'x' > "$work/64k"
for f in origin.nginx.conf proxy.nginx.conf haproxy.cfg sidecar.yaml; do
  sed -e "s|@WORK@|$work|g" -e "s|@ORIGIN@|$origin_port|g" -e "s|@SIDECAR@|${port[sidecar]}|g" \
      -e "s|@HAPROXY@|${port[haproxy]}|g" -e "s|@NGINX@|${port[nginx]}|g" "$here/$f" > "$work/$f"
done
mkdir -p "$work/logs"

taskset -c 1 nginx -c "$work/origin.nginx.conf" -p "$work" -g 'daemon off;' >"$work/origin.log" 2>&1 & pids[origin]=$!
for proxy in $proxies; do
  case $proxy in
    sidecar) taskset -c 0 "$root/artifacts/sidecar/sidecar" -c "$work/sidecar.yaml" --concurrency 1 -l warning --disable-hot-restart >"$work/sidecar.log" 2>&1 & ;;
    haproxy) taskset -c 0 haproxy -f "$work/haproxy.cfg" >"$work/haproxy.log" 2>&1 & ;;
    nginx) taskset -c 0 nginx -c "$work/proxy.nginx.conf" -p "$work" -g 'daemon off;' >"$work/nginx.log" 2>&1 & ;;
  esac
  pids[$proxy]=$!
done
for proxy in $proxies; do
  for _ in $(seq 100); do
    curl -s -o /dev/null "http://127.0.0.1:${port[$proxy]}/1k" && break
    sleep 0.1
  done
  [ "$(curl -s "http://127.0.0.1:${port[$proxy]}/1k" | wc -c)" = 1024 ] || { echo "bench: $proxy does not answer"; cat "$work/$proxy.log"; exit 1; }
done

# Nanoseconds on CPU of a process and its children, all threads.
cpu_ns() {
  local total=0 pid
  for pid in "$1" $(pgrep -P "$1" || true); do
    for t in /proc/"$pid"/task/*/schedstat; do
      read -r ns _ < "$t" 2>/dev/null && total=$((total + ns))
    done
  done
  echo "$total"
}

rss_kb() {
  local total=0 pid
  for pid in "$1" $(pgrep -P "$1" || true); do
    total=$((total + $(awk '/^Pss:/ {s += $2} END {print s + 0}' /proc/"$pid"/smaps_rollup 2>/dev/null || echo 0)))
  done
  echo "$total"
}

load() { # case port -> "requests seconds p50us p99us failed"
  local url="http://127.0.0.1:$2/1k" out
  case $1 in
    h1-32) wrk_run 32 "$url" ;;
    h1-256) wrk_run 256 "$url" ;;
    h1-64k) wrk_run 32 "http://127.0.0.1:$2/64k" ;;
    h1-headers) wrk_run 32 "$url" -H 'user-agent: bench/1.0 (linux; x86_64)' -H 'accept: application/json, text/plain;q=0.9, */*;q=0.8' \
        -H 'accept-encoding: gzip, deflate, br' -H 'accept-language: en-GB,en;q=0.9' -H 'authorization: Bearer 0123456789abcdef0123456789abcdef0123456789abcdef' \
        -H 'cookie: session=0123456789abcdef; theme=dark' -H 'x-tenant: team-a' -H 'x-correlation-id: 6f9619ff-8b86-d011-b42d-00c04fc964ff' \
        -H 'referer: http://example.com/a/long/path/to/a/page' -H 'cache-control: no-cache' ;;
    h2-4x8)
      out=$(taskset -c 1 h2load -D "$duration" -c 4 -m 8 -t 1 "$url" 2>&1)
      awk -v d="$duration" '/requests: / {for (i = 1; i <= NF; i++) {if ($i == "done,") n = $(i-1); if ($i == "failed,") f = $(i-1)}}
        /time for request:/ {p50 = $6; max = $5} function us(v) {if (v ~ /us$/) return v + 0; if (v ~ /ms$/) return v * 1000; return v * 1e6}
        END {printf "%d %s %d %d %d\n", n, d, us(p50), us(max), f}' <<< "$out" ;;
  esac
}

wrk_run() {
  local connections=$1 url=$2; shift 2
  taskset -c 1 wrk -t1 -c"$connections" -d"${duration}s" --latency "$@" "$url" 2>&1 | awk '
    function us(v) {if (v ~ /us$/) return v + 0; if (v ~ /ms$/) return v * 1000; return v * 1e6}
    /50%/ {p50 = us($2)} /99%/ {p99 = us($2)} /requests in/ {n = $1; s = $4 + 0}
    /Non-2xx/ {f += $NF} /Socket errors/ {for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+,?$/) f += $i + 0}
    END {printf "%d %s %d %d %d\n", n, s, p50, p99, f + 0}'
}

printf '%-11s %-8s %12s %10s %9s %9s %9s %7s %8s\n' case proxy 'us CPU/req' 'req/s' 'p50 us' 'p99 us' 'PSS MB' failed ratio
for c in $cases; do
  for proxy in $proxies; do load_out=$(duration=1 load "$c" "${port[$proxy]}"); done   # warm-up
  declare -A samples=() rps=() p50=() p99=() failed=()
  for _ in $(seq "$rounds"); do
    for proxy in $proxies; do
      before=$(cpu_ns "${pids[$proxy]}")
      read -r n s a b f <<< "$(load "$c" "${port[$proxy]}")"
      after=$(cpu_ns "${pids[$proxy]}")
      [ "$n" -gt 0 ] || { echo "bench: no request of $c went through $proxy"; exit 1; }
      samples[$proxy]+="$(awk -v x=$((after - before)) -v n="$n" 'BEGIN {printf "%.2f ", x / n / 1000}')"
      rps[$proxy]=$(awk -v n="$n" -v s="$s" 'BEGIN {printf "%d", n / s}') p50[$proxy]=$a p99[$proxy]=$b
      failed[$proxy]=$((${failed[$proxy]:-0} + f))
    done
  done
  declare -A median=()
  for proxy in $proxies; do median[$proxy]=$(tr ' ' '\n' <<< "${samples[$proxy]}" | grep . | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'); done
  for proxy in $proxies; do
    printf '%-11s %-8s %12s %10s %9s %9s %9s %7s %8s\n' "$c" "$proxy" "${median[$proxy]}" "${rps[$proxy]}" "${p50[$proxy]}" "${p99[$proxy]}" \
      "$(awk -v k="$(rss_kb "${pids[$proxy]}")" 'BEGIN {printf "%.1f", k / 1024}')" "${failed[$proxy]}" \
      "$(awk -v a="${median[$proxy]}" -v b="${median[haproxy]:-0}" 'BEGIN {if (b > 0) printf "%.2f", a / b; else print "-"}')"
  done
done
