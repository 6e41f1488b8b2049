using Sidecar.Http.Codec;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Pools;

/// <summary>Why a pool could not give a stream.</summary>
public enum PoolFailureReason : byte
{
    None = 0,

    /// <summary>A circuit breaker is full.</summary>
    Overflow,

    /// <summary>No socket, no route, no source address.</summary>
    LocalConnectionFailure,

    /// <summary>Refused, reset, or a failed handshake.</summary>
    RemoteConnectionFailure,

    /// <summary>Not connected within the cluster's connect timeout.</summary>
    Timeout,
}

/// <summary>Who asked a pool for a stream. Exactly one of the two is called, perhaps before the asking returns. Thread: the worker.</summary>
public abstract class PoolStreamCallbacks
{
    /// <summary>The stream is there: encode the request. The connection says where it goes.</summary>
    public abstract void OnPoolReady(StreamSender sender, PooledConnection connection);

    /// <summary>There will be none.</summary>
    /// <param name="reason">What kind of failure.</param>
    /// <param name="host">The host that was tried.</param>
    /// <param name="transportFailure">The transport's own words (TLS), or null.</param>
    public abstract void OnPoolFailure(PoolFailureReason reason, HostWorkerState host, string? transportFailure);
}
