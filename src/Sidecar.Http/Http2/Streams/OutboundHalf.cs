using System;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Streams;

/// <summary>How the message that leaves will end.</summary>
internal enum OutboundEnd : byte
{
    None = 0,

    /// <summary>END_STREAM goes with the last bytes that wait.</summary>
    WithData,

    /// <summary>Trailers follow the bytes that wait.</summary>
    WithTrailers,

    /// <summary>END_STREAM is written.</summary>
    Sent,
}

/// <summary>Why the owner should not encode more.</summary>
[Flags]
internal enum BlockReasons : byte
{
    None = 0,

    /// <summary>Flow control holds more than the stream's limit.</summary>
    Buffer = 1,

    /// <summary>The connection's own buffer is full.</summary>
    Transport = 2,
}

/// <summary>The message that leaves on a stream. Thread: the worker.</summary>
internal struct OutboundHalf
{
    /// <summary>How far the owner has encoded; the wire may lag behind.</summary>
    public HalfState State;

    public OutboundEnd End;

    public BlockReasons Blocked;

    /// <summary>In the queue of streams that wait for the connection's window.</summary>
    public bool IsQueued;

    /// <summary>The owner has reset the stream after its complete message: RST_STREAM follows the bytes that wait.</summary>
    public bool ResetWhenSent;

    /// <summary>The peer's window; negative after it lowered its initial window.</summary>
    public int WindowBytes;

    /// <summary>Limit of the bytes held back, 0 for none.</summary>
    public int LimitBytes;

    /// <summary>When the last bytes left or the message was complete, in nanoseconds; only while a complete message waits.</summary>
    public long StalledSinceNs;

    /// <summary>A copy of the trailers that wait behind data, rented from the pool.</summary>
    public HeaderMap? Trailers;

    public OutboundHalf(int windowBytes) => WindowBytes = windowBytes;
}
