namespace Sidecar.Http.Codec;

/// <summary>Why a stream ended before its message did. Values are Envoy's.</summary>
public enum StreamResetReason : byte
{
    None = 0,

    /// <summary>We gave up: the other side of the proxy failed or a filter said so.</summary>
    LocalReset,

    /// <summary>We refused the stream before any processing: the peer may retry.</summary>
    LocalRefusedStreamReset,

    /// <summary>The peer reset it.</summary>
    RemoteReset,

    /// <summary>The peer refused it unprocessed (REFUSED_STREAM, or a GOAWAY below its id): safe to retry.</summary>
    RemoteRefusedStreamReset,

    /// <summary>The connection could not be established.</summary>
    ConnectionFailure,

    /// <summary>The connection ended while the stream was open.</summary>
    ConnectionTermination,

    /// <summary>The connection was not established in time.</summary>
    ConnectionTimeout,

    /// <summary>A circuit breaker was full.</summary>
    Overflow,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolError,

    /// <summary>The peer reset a CONNECT stream with CONNECT_ERROR.</summary>
    ConnectError,

    /// <summary>The overload manager shed it.</summary>
    OverloadManager,
}
