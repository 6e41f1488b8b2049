using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.FlowControl;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// One HTTP/2 connection, the part that both sides share: life of the connection and of its streams. Frames are interpreted by
/// <see cref="FrameDispatcher"/>, messages by <see cref="MessageReceiver"/>, bodies sent by <see cref="SendScheduler"/>. Thread: the worker.
/// </summary>
/// <remarks>
/// Every way in is bracketed by <see cref="Enter"/> and <see cref="Leave"/>. Whatever happens in between, also through callbacks that
/// come back in, is written out once, at the outermost Leave; only there are closed streams recycled and their owner told.
/// </remarks>
internal sealed class Http2Connection
{
    private readonly CodecTransport _transport;
    private readonly FrameReader _reader;
    private ConnectionState _state;
    private Http2Stream? _retired;
    private ReceiveWindow _window;
    private long _outputBytes;
    private int _depth;
    private uint _highestAnnouncedId;
    private bool _hasWritten;
    private bool _transportAbove;
    private bool _toldTransportAbove;

    public Http2Connection(
        CodecTransport transport, IHttp2Side side, Http2Settings settings, Http2StreamPool pool, StatBlock stats, bool isServer)
    {
        _transport = transport;
        Side = side;
        Settings = settings;
        Pool = pool;
        Stats = stats;
        IsServer = isServer;
        Encoder = new HpackEncoder(settings.HpackTableBytes);
        Writer = new FrameWriter(transport.Output, Encoder, pool, new FloodGuard(settings, stats));
        Scheduler = new SendScheduler(transport, Writer, pool, stats);
        Messages = new MessageReceiver(this);
        Dispatcher = new FrameDispatcher(this);
        Assembler = new HeaderBlockAssembler(transport.Memory.Slabs, settings.MaxHeadersBytes);
        _reader = new FrameReader(Dispatcher, Messages, transport.Memory.Slabs, expectsPreface: isServer);
        _window = new ReceiveWindow(settings.InitialConnectionWindowBytes);
    }

    private enum ConnectionState : byte
    {
        Open = 0,

        /// <summary>GOAWAY with an error is written: nothing more is read or written.</summary>
        Failed,

        /// <summary>The transport is gone.</summary>
        Closed,
    }

    public IHttp2Side Side { get; }

    public Http2Settings Settings { get; }

    public Http2StreamPool Pool { get; }

    public StatBlock Stats { get; }

    public bool IsServer { get; }

    public HpackEncoder Encoder { get; }

    public HpackDecoder Decoder { get; } = new();

    public FrameWriter Writer { get; }

    public SendScheduler Scheduler { get; }

    public MessageReceiver Messages { get; }

    public FrameDispatcher Dispatcher { get; }

    public HeaderBlockAssembler Assembler { get; }

    public StreamTable Streams { get; } = new();

    public PeerSettings Peer = new();

    /// <summary>The ids that were opened, and those that we reset.</summary>
    public RecentResets Recent;

    /// <summary>Client: the id of the next stream.</summary>
    public uint NextStreamId { get; set; } = 1;

    public bool IsOpen => _state == ConnectionState.Open;

    /// <summary>The final GOAWAY is written.</summary>
    public bool IsGoingAway { get; private set; }

    public long NowNs => _transport.NowNs;

    /// <summary>What the server and client codec say in the order of RFC 9113 section 3.4; the connection's window follows SETTINGS.</summary>
    public void Start()
    {
        if (!IsServer)
        {
            Writer.WritePreface();
        }

        Writer.WriteSettings(Settings, IsServer);
        int raise = Settings.InitialConnectionWindowBytes - Http2Settings.DefaultWindowBytes;
        if (raise > 0)
        {
            Writer.WriteWindowUpdate(0, raise);
        }
    }

    public ErrorDetail? OnData(in Slice data)
    {
        if (!IsOpen)
        {
            return null;
        }

        Enter();
        ErrorDetail? error = _reader.Read(data);
        AccountOutput();
        error ??= Writer.Flood.Error;
        if (error is not null && IsOpen)
        {
            WriteGoAway((Http2ErrorCode)error.Http2Code, error);
            _state = ConnectionState.Failed;
        }

        Leave();
        return error;
    }

    /// <summary>Asks for no new streams while those in flight still come (RFC 9113 section 6.8).</summary>
    public void ShutdownNotice()
    {
        if (!IsOpen || IsGoingAway)
        {
            return;
        }

        Enter();
        Writer.WriteGoAway(FrameHeader.MaxStreamId, Http2ErrorCode.NoError, detail: null);
        Stats.Increment(Http2Stat.GoawayGracefulSent);
        Leave();
    }

    public void GoAway()
    {
        if (!IsOpen || IsGoingAway)
        {
            return;
        }

        Enter();
        WriteGoAway(Http2ErrorCode.NoError, detail: null);
        Leave();
    }

    public void SendPing(ulong payload)
    {
        if (IsOpen)
        {
            Enter();
            Writer.WritePing(payload, FrameFlags.None);
            Leave();
        }
    }

    public void OnTransportWatermark(bool above)
    {
        Enter();
        _transportAbove = above;
        Leave();
    }

    public void OnConnectionClosed(StreamResetReason reason)
    {
        if (_state == ConnectionState.Closed)
        {
            return;
        }

        Enter();
        _state = ConnectionState.Closed;
        for (Http2Stream? stream = Streams.First; stream is not null; stream = stream.NextActive)
        {
            if (!stream.IsRetired)
            {
                StreamReceiver? receiver = stream.Receiver;
                Retire(stream);
                receiver?.OnReset(reason, detail: null);
            }
        }

        _reader.Release();
        Assembler.Release();
        Writer.Flood.OnClosed();
        Leave();
    }

    /// <summary>Resets complete messages that flow control has held for longer than this, as Envoy's stream flush timeout does; how many.</summary>
    public int ResetStalled(long timeoutNs)
    {
        if (!IsOpen)
        {
            return 0;
        }

        int count = 0;
        Enter();
        for (Http2Stream? stream = Streams.First; stream is not null; stream = stream.NextActive)
        {
            bool waits = stream.Outbound.End is OutboundEnd.WithData or OutboundEnd.WithTrailers;
            if (!stream.IsRetired && waits && NowNs - stream.Outbound.StalledSinceNs >= timeoutNs)
            {
                Stats.Increment(Http2Stat.TxFlushTimeout);
                count++;
                StreamReceiver? receiver = stream.Receiver;
                WriteReset(stream, (uint)Http2ErrorCode.NoError);
                receiver?.OnReset(StreamResetReason.LocalReset, detail: null);
            }
        }

        Leave();
        return count;
    }

    public void Enter()
    {
        if (_depth++ == 0)
        {
            _outputBytes = _transport.Output.Length;
            Writer.Flood.OnOutput(0, _outputBytes);
        }
    }

    public void Leave()
    {
        Debug.Assert(_depth > 0, "leave follows enter");
        if (_depth == 1 && _transportAbove != _toldTransportAbove)
        {
            TellTransportWatermark();
        }

        if (_depth == 1)
        {
            AccountOutput();
        }

        if (--_depth > 0)
        {
            return;
        }

        if (_hasWritten)
        {
            _hasWritten = false;
            if (_state != ConnectionState.Closed)
            {
                _transport.OutputWritten();
            }
        }

        if (_retired is not null)
        {
            RecycleRetired();
        }
    }

    /// <summary>The next id of a client.</summary>
    public uint TakeStreamId()
    {
        uint id = NextStreamId;
        NextStreamId += 2;
        Recent.Advance(id);
        return id;
    }

    /// <summary>A stream begins; its owner is not known yet.</summary>
    public Http2Stream OpenStream(uint id)
    {
        Http2Stream stream = Pool.Rent();
        stream.Open(this, id, Peer.InitialWindowBytes, Settings.InitialStreamWindowBytes);
        Streams.Add(stream);
        Stats.Increment(Http2Stat.StreamsActive);
        return stream;
    }

    /// <summary>A stream has its owner, who learns at once that the connection is full.</summary>
    public void Attach(Http2Stream stream, StreamReceiver receiver)
    {
        stream.Receiver = receiver;
        if (_toldTransportAbove)
        {
            stream.SetBlocked(BlockReasons.Transport, true);
        }
    }

    public void SendHeaders(Http2Stream stream, HeaderMap headers, bool endStream)
    {
        if (!IsServer)
        {
            EnsureAscendingId(stream);
        }

        Writer.WriteHeaders(stream.Id, UpgradeTranslation.ForSending(stream, headers, this), endStream);
        if (endStream)
        {
            stream.Outbound.End = OutboundEnd.Sent;
        }

        Settle(stream);
    }

    /// <summary>After every command of the owner and every event told to it: lets go of the receiver, and of the stream, when they are done.</summary>
    public void Settle(Http2Stream stream)
    {
        if (stream.IsRetired)
        {
            return;
        }

        if (stream.IsOwnerDone)
        {
            stream.Receiver = null;
        }

        if (stream.Outbound is { ResetWhenSent: true, End: OutboundEnd.Sent })
        {
            WriteReset(stream, (uint)Http2ErrorCode.NoError);
        }
        else if (stream.IsComplete)
        {
            Retire(stream);
        }
        else
        {
            stream.CheckWriteBuffer();
        }
    }

    /// <summary>
    /// The owner ends the stream. A message that it has encoded to its end still goes out before RST_STREAM does: a server that answers
    /// early resets what it did not read, not its answer.
    /// </summary>
    public void ResetByOwner(Http2Stream stream, StreamResetReason reason)
    {
        stream.Receiver = null;
        bool isWaiting = stream.Outbound.End is OutboundEnd.WithData or OutboundEnd.WithTrailers;
        if (isWaiting && IsOpen && reason != StreamResetReason.OverloadManager)
        {
            if (!stream.Outbound.ResetWhenSent)
            {
                stream.Outbound.ResetWhenSent = true;
                Stats.Increment(Http2Stat.DeferredStreamClose);
                ReleaseHeld(stream);
            }

            return;
        }

        WriteReset(stream, (uint)(reason switch
        {
            StreamResetReason.LocalRefusedStreamReset => Http2ErrorCode.RefusedStream,
            StreamResetReason.ConnectError => Http2ErrorCode.ConnectError,
            StreamResetReason.ProtocolError => Http2ErrorCode.ProtocolError,
            _ => Http2ErrorCode.NoError,
        }));
    }

    /// <summary>The peer broke one stream's protocol: RST_STREAM, and the owner is told.</summary>
    public void FailStream(Http2Stream stream, ErrorDetail detail)
    {
        StreamReceiver? receiver = stream.Receiver;
        WriteReset(stream, detail.Http2Code);
        receiver?.OnReset(StreamResetReason.ProtocolError, detail);
    }

    /// <summary>A stream that was never opened, or is closed, is reset.</summary>
    public void WriteReset(uint streamId, Http2ErrorCode code)
    {
        Recent.MarkReset(streamId);
        Writer.WriteRstStream(streamId, (uint)code);
        Stats.Increment(Http2Stat.TxReset);
    }

    /// <summary>The stream is closed: takes it out of every list and returns what it holds. It is recycled at the outermost Leave.</summary>
    public void Retire(Http2Stream stream)
    {
        ReleaseHeld(stream);
        Scheduler.Forget(stream);
        Streams.Remove(stream);
        _reader.Forget(stream);
        if (stream.Outbound.ResetWhenSent)
        {
            Stats.Decrement(Http2Stat.DeferredStreamClose);
        }

        Stats.Decrement(Http2Stat.StreamsActive);
        stream.IsRetired = true;
        stream.Receiver = null;
        stream.NextFree = _retired;
        _retired = stream;
    }

    /// <summary>Bytes of the connection's window arrive; false when it is exceeded.</summary>
    public bool TryTakeWindow(int bytes) => _window.TryTake(bytes);

    /// <summary>Bytes were consumed by nobody in particular.</summary>
    public void Consume(int bytes)
    {
        int increment = _window.Release(bytes);
        if (increment > 0 && IsOpen)
        {
            Writer.WriteWindowUpdate(0, increment);
        }
    }

    /// <summary>Bytes of a stream were consumed: the peer may send as many again, unless the message is complete.</summary>
    public void Consume(Http2Stream stream, int bytes)
    {
        Consume(bytes);
        if (stream.Inbound.State == HalfState.Closed)
        {
            return;
        }

        int increment = stream.Inbound.Window.Release(bytes);
        if (increment > 0 && IsOpen)
        {
            Writer.WriteWindowUpdate(stream.Id, increment);
        }
    }

    /// <summary>Lets waiting streams send while there is window, one frame a turn.</summary>
    public void Pump()
    {
        while (Scheduler.TakeTurn() is { } stream)
        {
            Settle(stream);
        }
    }

    private void WriteReset(Http2Stream stream, uint code)
    {
        // A client's stream without a head does not exist for the server.
        if (IsOpen && (IsServer || stream.IsAnnounced))
        {
            WriteReset(stream.Id, (Http2ErrorCode)code);
        }

        Retire(stream);
    }

    /// <summary>
    /// Heads must leave in the order of their ids (RFC 9113 section 5.1.1): a stream that was overtaken between its opening and its
    /// head gets a new one.
    /// </summary>
    private void EnsureAscendingId(Http2Stream stream)
    {
        stream.IsAnnounced = true;
        if (stream.Id < _highestAnnouncedId)
        {
            Streams.Remove(stream);
            stream.Renumber(TakeStreamId());
            Streams.Add(stream);
        }

        _highestAnnouncedId = stream.Id;
    }

    private void WriteGoAway(Http2ErrorCode code, ErrorDetail? detail)
    {
        IsGoingAway = true;

        // A server names the last stream it has taken up; a client takes none up, for pushes are off.
        Writer.WriteGoAway(IsServer ? Recent.HighestStreamId : 0, code, detail);
        Stats.Increment(Http2Stat.GoawaySent);
    }

    private void ReleaseHeld(Http2Stream stream)
    {
        int held = stream.Inbound.HeldBytes;
        if (held > 0)
        {
            stream.Inbound.HeldBytes = 0;
            Consume(held);
        }
    }

    private void AccountOutput()
    {
        long length = _transport.Output.Length;
        if (length != _outputBytes)
        {
            _hasWritten = true;
            Writer.Flood.OnOutput(length - _outputBytes, length);
            _outputBytes = length;
        }
    }

    private void TellTransportWatermark()
    {
        bool above = _transportAbove;
        _toldTransportAbove = above;
        for (Http2Stream? stream = Streams.First; stream is not null; stream = stream.NextActive)
        {
            if (!stream.IsRetired)
            {
                stream.SetBlocked(BlockReasons.Transport, above);
            }
        }
    }

    private void RecycleRetired()
    {
        while (_retired is { } stream)
        {
            _retired = stream.NextFree;
            stream.NextFree = null;
            stream.Recycle();
            Pool.Return(stream);
            if (_state != ConnectionState.Closed)
            {
                Side.OnStreamRecycled();
            }
        }
    }
}
