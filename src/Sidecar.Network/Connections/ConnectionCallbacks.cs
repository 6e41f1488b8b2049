namespace Sidecar.Network.Connections;

/// <summary>What happens to a connection as a whole. Values are Envoy's.</summary>
public enum ConnectionEvent : byte
{
    None = 0,

    /// <summary>Established (after the handshake where there is one). Client side only.</summary>
    Connected,

    /// <summary>The peer closed or reset it, or it failed.</summary>
    RemoteClose,

    /// <summary>We closed it.</summary>
    LocalClose,
}

/// <summary>How to close a connection.</summary>
public enum ConnectionCloseType : byte
{
    None = 0,

    /// <summary>Send what is buffered, then close.</summary>
    FlushWrite,

    /// <summary>
    /// Send what is buffered and our FIN, then wait for the peer's within the delayed-close timeout: a close with unread bytes would
    /// reset the connection under the response that the peer is still reading (RFC 9112 section 9.6).
    /// </summary>
    FlushWriteAndDelay,

    /// <summary>Close now; what is buffered is lost.</summary>
    NoFlush,

    /// <summary>Reset now.</summary>
    AbortReset,
}

/// <summary>Where a connection stands.</summary>
public enum ConnectionState : byte
{
    None = 0,
    Connecting,
    Open,

    /// <summary>Closing: buffered bytes are being sent, what arrives is dropped.</summary>
    Closing,
    Closed,
}

/// <summary>Who wants to know of a connection's events: the terminal filter, a pool, the listener. Thread: the worker.</summary>
public abstract class ConnectionCallbacks
{
    /// <summary>After a close event the connection is dead; its memory is returned at the end of the iteration.</summary>
    public abstract void OnEvent(ConnectionEvent connectionEvent);

    /// <summary>Unsent bytes exceed the buffer limit.</summary>
    public abstract void OnAboveWriteBufferHighWatermark();

    /// <summary>Unsent bytes have drained to half the limit.</summary>
    public abstract void OnBelowWriteBufferLowWatermark();

    /// <summary>Bytes left for the kernel.</summary>
    public virtual void OnBytesSent(long bytes)
    {
    }
}
