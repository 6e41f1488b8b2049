namespace Sidecar.Proxy.Streams;

/// <summary>
/// When the bytes of one exchange moved, in monotonic nanoseconds; 0 means not yet. The names are Envoy's downstream and upstream
/// timing points.
/// </summary>
public struct StreamTimes
{
    /// <summary>The whole request has arrived.</summary>
    public long LastDownstreamRxByteNs;

    /// <summary>The response's head was encoded.</summary>
    public long FirstDownstreamTxByteNs;

    /// <summary>The end of the response was encoded.</summary>
    public long LastDownstreamTxByteNs;

    /// <summary>The request's head was encoded upstream (final attempt).</summary>
    public long FirstUpstreamTxByteNs;

    /// <summary>The end of the request was encoded upstream (final attempt).</summary>
    public long LastUpstreamTxByteNs;

    /// <summary>The response's head arrived from the upstream.</summary>
    public long FirstUpstreamRxByteNs;

    /// <summary>The first byte of the response's body arrived from the upstream.</summary>
    public long FirstUpstreamRxBodyByteNs;

    /// <summary>The end of the response arrived from the upstream.</summary>
    public long LastUpstreamRxByteNs;

    /// <summary>The upstream connection was there: attached to the request (nanoseconds after the pool was asked).</summary>
    public long UpstreamPoolReadyDurationNs;

    /// <summary>The exchange is over.</summary>
    public long CompleteNs;
}
