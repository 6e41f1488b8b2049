using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Network;
using Sidecar.Network.TransportSockets;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Pools;

/// <summary>What a pool needs of its cluster and host. Made by the cluster's worker state; read-only. Thread: its worker.</summary>
public sealed class PoolSettings
{
    public required Worker Worker { get; init; }

    public required ClusterModel Cluster { get; init; }

    public required HostWorkerState Host { get; init; }

    /// <summary>The cluster's traffic stats.</summary>
    public required StatBlock Traffic { get; init; }

    /// <summary>The circuit breakers of the pool's priority.</summary>
    public required ResourceLimits Limits { get; init; }

    public required TransportSocketFactory TransportSocket { get; init; }

    /// <summary>Makes the codec of each connection: HTTP/1 or HTTP/2.</summary>
    public required ClientCodecFactory Codec { get; init; }
}

/// <summary>Makes client codecs of one HTTP version with a cluster's settings. Thread: its worker.</summary>
public abstract class ClientCodecFactory
{
    public abstract HttpProtocol Protocol { get; }

    /// <summary>Streams that may be expected of a connection that is not yet established.</summary>
    public abstract uint ExpectedStreams { get; }

    public abstract ClientCodec Create(CodecTransport transport, ClientCodecOwner owner);
}
