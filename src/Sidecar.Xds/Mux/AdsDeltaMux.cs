using System;
using Envoy.Service.Discovery.V3;

namespace Sidecar.Xds.Mux;

/// <summary>A mux that speaks the incremental variant (DELTA_GRPC). Thread: main.</summary>
public sealed class AdsDeltaMux : XdsMux
{
    /// <summary>The aggregated service's incremental method.</summary>
    public const string Method = "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources";

    public AdsDeltaMux(MuxContext context)
        : base(context)
    {
    }

    private protected override TypeSubscription CreateSubscription(ResourceType type, Action onReleased) =>
        new DeltaSubscription(type, Context, onReleased);

    private protected override void Receive(ReadOnlySpan<byte> message)
    {
        DeltaDiscoveryResponse response = DeltaDiscoveryResponse.Parser.ParseFrom(message);
        (Find(response.TypeUrl, response.ControlPlane) as DeltaSubscription)?.OnResponse(response);
    }
}
