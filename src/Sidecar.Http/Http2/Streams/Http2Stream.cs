using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Streams;

/// <summary>
/// One stream: the sender that its owner holds, and the state of both halves. Rented when the stream opens, recycled at the end of
/// the codec call in which it closed, so that nobody meets it in another role while unwinding. Thread: the worker.
/// </summary>
internal sealed class Http2Stream : StreamSender
{
    private Http2Connection? _connection;

    /// <summary>The message that arrives.</summary>
    public InboundHalf Inbound;

    /// <summary>The message that leaves.</summary>
    public OutboundHalf Outbound;

    /// <summary>Links of <see cref="StreamTable"/>.</summary>
    internal Http2Stream? NextActive;
    internal Http2Stream? PreviousActive;

    /// <summary>Links of <see cref="FlowControl.StreamQueue"/>.</summary>
    internal Http2Stream? NextReady;
    internal Http2Stream? PreviousReady;

    /// <summary>Link of the pool's free list and of the connection's list of closed streams.</summary>
    internal Http2Stream? NextFree;

    internal Http2Stream(BufferChain pending) => Pending = pending;

    public uint Id { get; private set; }

    public override uint StreamId => Id;

    /// <summary>Body bytes that flow control holds back.</summary>
    public BufferChain Pending { get; }

    public override long BufferedBytes => Pending.Length;

    /// <summary>Null once nobody listens any more.</summary>
    public StreamReceiver? Receiver { get; set; }

    /// <summary>The stream is closed and waits to be recycled.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Client: HEADERS has been written.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Client: the response has no body whatever its headers say (RFC 9110 section 9.3.2).</summary>
    public bool IsHeadRequest { get; set; }

    /// <summary>An upgrade travels as extended CONNECT: its protocol, else null.</summary>
    public byte[]? UpgradeProtocol { get; set; }

    /// <summary>Both messages have ended as far as the owner can see.</summary>
    public bool IsOwnerDone => Inbound.State == HalfState.Closed && Outbound.State == HalfState.Closed;

    /// <summary>Both messages have passed the wire.</summary>
    public bool IsComplete => Inbound.State == HalfState.Closed && Outbound.End == OutboundEnd.Sent;

    public void Open(Http2Connection connection, uint id, int sendWindow, int receiveWindow)
    {
        _connection = connection;
        Id = id;
        Inbound = new InboundHalf(receiveWindow);
        Outbound = new OutboundHalf(sendWindow);
        IsRetired = false;
        IsAnnounced = false;
        IsHeadRequest = false;
        UpgradeProtocol = null;
    }

    /// <summary>Client: before HEADERS is written, and while the stream is in no table.</summary>
    public void Renumber(uint id) => Id = id;

    /// <summary>Before it goes back to the pool.</summary>
    public void Recycle()
    {
        Debug.Assert(Pending.IsEmpty && NextReady is null && PreviousReady is null, "a recycled stream holds nothing");
        _connection = null;
        Receiver = null;
        NextActive = null;
        PreviousActive = null;
    }

    public override void EncodeHeaders(HeaderMap headers, bool endStream)
    {
        if (TryBegin(endStream ? HalfEvent.HeadersEnd : HalfEvent.Headers))
        {
            _connection!.Streams.SendHeaders(this, headers, endStream);
            _connection.Leave();
        }
    }

    public override void EncodeInformationalHeaders(HeaderMap headers)
    {
        if (TryBegin(HalfEvent.Informational))
        {
            _connection!.Writer.WriteHeaders(Id, headers, endStream: false);
            _connection.Leave();
        }
    }

    public override void EncodeData(in Slice data, bool endStream)
    {
        if (TryBegin(endStream ? HalfEvent.DataEnd : HalfEvent.Data))
        {
            _connection!.Scheduler.Send(this, data, endStream);
            _connection.Streams.Settle(this);
            _connection.Leave();
        }
    }

    public override void EncodeData(BufferChain data, bool endStream)
    {
        if (TryBegin(endStream ? HalfEvent.DataEnd : HalfEvent.Data))
        {
            _connection!.Scheduler.Send(this, data, endStream);
            _connection.Streams.Settle(this);
            _connection.Leave();
        }
    }

    public override void EncodeTrailers(HeaderMap trailers)
    {
        if (TryBegin(HalfEvent.Trailers))
        {
            _connection!.Scheduler.SendTrailers(this, trailers);
            _connection.Streams.Settle(this);
            _connection.Leave();
        }
    }

    public override void Reset(StreamResetReason reason)
    {
        Debug.Assert(_connection is not null, "a sender must be dropped when its stream is over");
        if (_connection is not null && !IsRetired)
        {
            _connection.Enter();
            _connection.Streams.ResetByOwner(this, reason);
            _connection.Leave();
        }
    }

    public override void ReadDisable(bool disable)
    {
        Debug.Assert(_connection is not null, "a sender must be dropped when its stream is over");
        Inbound.ReadDisableCount += disable ? 1 : -1;
        Debug.Assert(Inbound.ReadDisableCount >= 0, "enabled more often than disabled");
        if (_connection is not null && !IsRetired && Inbound.ReadDisableCount == 0 && Inbound.HeldBytes > 0)
        {
            int held = Inbound.HeldBytes;
            Inbound.HeldBytes = 0;
            _connection.Enter();
            _connection.Consume(this, held);
            _connection.Leave();
        }
    }

    public override void SetWriteBufferLimit(int bytes)
    {
        Outbound.LimitBytes = bytes;
        CheckWriteBuffer();
    }

    /// <summary>
    /// Compares what is held back with the limit and tells the receiver of a crossing; the caller is at a point where the receiver may do
    /// anything.
    /// </summary>
    public void CheckWriteBuffer()
    {
        int limit = Outbound.LimitBytes;
        bool above = (Outbound.Blocked & BlockReasons.Buffer) != 0;
        if (!above && limit > 0 && Pending.Length > limit)
        {
            SetBlocked(BlockReasons.Buffer, true);
        }
        else if (above && (limit == 0 || Pending.Length <= limit / 2))
        {
            SetBlocked(BlockReasons.Buffer, false);
        }
    }

    /// <summary>The receiver hears of the first reason and of the end of the last.</summary>
    public void SetBlocked(BlockReasons reason, bool blocked)
    {
        BlockReasons before = Outbound.Blocked;
        Outbound.Blocked = blocked ? before | reason : before & ~reason;
        if (before == BlockReasons.None && Outbound.Blocked != BlockReasons.None)
        {
            Receiver?.OnAboveWriteBufferHighWatermark();
        }
        else if (before != BlockReasons.None && Outbound.Blocked == BlockReasons.None)
        {
            Receiver?.OnBelowWriteBufferLowWatermark();
        }
    }

    /// <summary>Enters the connection for an encoding command; false when there is nothing to encode to.</summary>
    private bool TryBegin(HalfEvent what)
    {
        Debug.Assert(_connection is not null, "a sender must be dropped when its stream is over");
        if (_connection is null || IsRetired || !_connection.IsOpen)
        {
            return false;
        }

        bool inOrder = StreamHalf.TryApply(ref Outbound.State, what);
        Debug.Assert(inOrder, "an encoding command out of order");
        if (inOrder)
        {
            _connection.Enter();
        }

        return inOrder;
    }
}
