# syntax=docker/dockerfile:1
# Build: an image with the .NET SDK 10 on Debian (SDK_IMAGE), Node for the protos. Runtime: libc, libssl3, CA certificates.
ARG SDK_IMAGE=dotnet/sdk:10.0
FROM ${SDK_IMAGE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
ARG TARGETARCH
RUN RID=linux-$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64) build/publish.sh

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libssl3 ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/artifacts/sidecar /opt/sidecar
USER 65532:65532
ENV DOTNET_gcServer=0 DOTNET_EnableDiagnostics=0
EXPOSE 10000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/opt/sidecar/sidecar"]
CMD ["-c", "/etc/sidecar/bootstrap.yaml"]
