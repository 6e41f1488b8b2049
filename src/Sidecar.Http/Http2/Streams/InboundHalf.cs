using Sidecar.Http.Http2.FlowControl;

namespace Sidecar.Http.Http2.Streams;

/// <summary>The message that arrives on a stream. Thread: the worker.</summary>
internal struct InboundHalf
{
    public HalfState State;

    public ReceiveWindow Window;

    /// <summary>While positive, what arrives is not given back to the peer's window.</summary>
    public int ReadDisableCount;

    /// <summary>Bytes that arrived meanwhile.</summary>
    public int HeldBytes;

    /// <summary>What <c>content-length</c> says, -1 when nothing.</summary>
    public long ExpectedBytes;

    public long ReceivedBytes;

    public InboundHalf(int windowBytes)
    {
        Window = new ReceiveWindow(windowBytes);
        ExpectedBytes = -1;
    }

    /// <summary>The body is as long as the head said; false also while it may only become so.</summary>
    public readonly bool IsLengthKept => ExpectedBytes < 0 || ReceivedBytes == ExpectedBytes;
}
