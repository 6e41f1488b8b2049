using System;
using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Upstream.AsyncClient;
using Sidecar.Upstream.Grpc;
using Sidecar.Xds.Subscriptions;
using GrpcStatus = Sidecar.Upstream.Grpc.GrpcStatus;

namespace Sidecar.Xds.Streams;

/// <summary>Control planes over the gRPC client and a cluster of the bootstrap. Thread: main.</summary>
public sealed class GrpcXdsStreams : XdsStreams
{
    private readonly AsyncHttpClient _http;
    private readonly Func<GrpcService.Types.GoogleGrpc, string>? _implicitCluster;

    /// <param name="http">Main's.</param>
    /// <param name="implicitCluster">
    /// Makes the cluster behind a <c>google_grpc</c> target and returns its name; null rejects such services.
    /// </param>
    public GrpcXdsStreams(AsyncHttpClient http, Func<GrpcService.Types.GoogleGrpc, string>? implicitCluster = null)
    {
        _http = http;
        _implicitCluster = implicitCluster;
    }

    public override XdsStreamFactory Create(GrpcService service, string method) =>
        new Factory(new GrpcClient(_http, ModelOf(service)), method);

    private GrpcServiceModel ModelOf(GrpcService service)
    {
        List<KeyValuePair<string, string>> metadata = [];
        foreach (HeaderValue header in service.InitialMetadata)
        {
            metadata.Add(new(header.Key.ToLowerInvariant(), header.Value));
        }

        long timeoutMs = service.Timeout is { } timeout ? Ms(timeout) : 0;
        if (service.EnvoyGrpc is { } envoyGrpc)
        {
            return new GrpcServiceModel
            {
                ClusterName = envoyGrpc.ClusterName,
                Authority = envoyGrpc.Authority,
                InitialMetadata = metadata,
                TimeoutMs = timeoutMs,
            };
        }

        if (service.GoogleGrpc is { } googleGrpc && _implicitCluster is not null)
        {
            return new GrpcServiceModel { ClusterName = _implicitCluster(googleGrpc), InitialMetadata = metadata, TimeoutMs = timeoutMs };
        }

        throw new XdsConfigException("grpc_service: envoy_grpc is required");
    }

    private static long Ms(Duration duration) => (duration.Seconds * 1000) + (duration.Nanos / 1_000_000);

    private sealed class Factory(GrpcClient client, string method) : XdsStreamFactory
    {
        public override string Destination => client.Service.ClusterName;

        public override XdsStream? Connect(XdsStreamHandler handler) =>
            client.Open(method, new Events(handler)) is { } stream ? new Stream(stream) : null;
    }

    private sealed class Stream(GrpcStream stream) : XdsStream
    {
        public override void Send(ReadOnlyMemory<byte> message) => stream.Send(message.Span);

        public override void Reset() => stream.Reset();
    }

    private sealed class Events(XdsStreamHandler handler) : GrpcStreamCallbacks
    {
        public override void OnMessage(ReadOnlyMemory<byte> message) => handler.OnMessage(message);

        public override void OnClosed(GrpcStatus status, string message) => handler.OnClosed((int)status, message);
    }
}
