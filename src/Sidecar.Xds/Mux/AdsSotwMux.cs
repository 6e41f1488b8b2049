using System;
using Envoy.Service.Discovery.V3;

namespace Sidecar.Xds.Mux;

/// <summary>A mux that speaks the state-of-the-world variant (GRPC). Thread: main.</summary>
public sealed class AdsSotwMux : XdsMux
{
    /// <summary>The aggregated service's streaming method.</summary>
    public const string Method = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

    public AdsSotwMux(MuxContext context)
        : base(context)
    {
    }

    private protected override TypeSubscription CreateSubscription(ResourceType type, Action onReleased) =>
        new SotwSubscription(type, Context, onReleased);

    private protected override void Receive(ReadOnlySpan<byte> message)
    {
        DiscoveryResponse response = DiscoveryResponse.Parser.ParseFrom(message);
        (Find(response.TypeUrl, response.ControlPlane) as SotwSubscription)?.OnResponse(response);
    }
}
