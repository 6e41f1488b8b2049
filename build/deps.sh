#!/usr/bin/env bash
# Checks that the named tools are here; what is missing is installed from Debian's packages when root, else named.
set -euo pipefail

package_of() {
  case $1 in
    curl) echo curl ;;
    openssl-lib) echo libssl3 ;;
    nghttp | h2load) echo nghttp2-client ;;
    nghttpd) echo nghttp2-server ;;
    promtool) echo prometheus ;;
    dotnet) echo "" ;;
    node) echo nodejs ;;
    *) echo "$1" ;;
  esac
}

present() {
  case $1 in
    openssl-lib) ldconfig -p 2>/dev/null | grep -q 'libssl\.so\.3' || ls /usr/lib/*/libssl.so.3 >/dev/null 2>&1 ;;
    *) command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] ;;
  esac
}

missing=()
for tool in "$@"; do
  present "$tool" && continue
  package=$(package_of "$tool")
  if [ -z "$package" ]; then
    echo "$tool is missing: install the .NET SDK 10 first" >&2
    exit 1
  fi
  missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

packages=$(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')
if [ "$(id -u)" != 0 ]; then
  echo "missing: $packages (as root: apt-get install $packages)" >&2
  exit 1
fi
echo "installing $packages"
export DEBIAN_FRONTEND=noninteractive
# A package's service must not start: servers here run only for the length of a test.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d.sidecar
if [ ! -e /usr/sbin/policy-rc.d ]; then
  cp /usr/sbin/policy-rc.d.sidecar /usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
rm -f /usr/sbin/policy-rc.d.sidecar
apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 || {
  apt-get update -qq >/dev/null
  apt-get install -y -qq --no-install-recommends $packages >/dev/null
}
