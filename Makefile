# The two commands that matter: make run, make test. Each installs what it needs (through apt-get when root).
SHELL := /bin/bash
CONFIGURATION ?= Release
DOTNET_FLAGS := -nologo -v quiet
export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

.PHONY: all build run test bench publish image deps-run deps-test deps-bench clean

all: build

build:
	dotnet build Sidecar.sln -c $(CONFIGURATION) $(DOTNET_FLAGS)

# The demo: a control plane that serves deploy/demo/xds, two upstream services, the sidecar. Ctrl-C ends everything.
run: deps-run publish
	deploy/demo/run.sh

test: deps-test
	build/test.sh

bench: deps-bench publish
	tests/bench/macro/run.sh

# Leaves the runnable in artifacts/sidecar/ and the demo's control plane in artifacts/sidecar-control-plane/.
publish: deps-run
	build/publish.sh

image:
	docker build -t sidecar:dev .

deps-run:
	@build/deps.sh dotnet node npm curl openssl-lib

deps-test:
	@build/deps.sh dotnet node npm curl openssl-lib nghttp h2load nghttpd promtool wrk nginx haproxy strace

deps-bench:
	@build/deps.sh dotnet node npm curl openssl-lib h2load wrk nginx haproxy

clean:
	rm -rf artifacts
	dotnet clean Sidecar.sln $(DOTNET_FLAGS)
