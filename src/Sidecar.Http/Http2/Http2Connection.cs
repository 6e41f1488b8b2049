using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Http2.FlowControl;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// One HTTP/2 connection, the part that both sides share. Frames are interpreted by <see cref="FrameDispatcher"/>, messages by
/// <see cref="MessageReceiver"/>; <see cref="StreamLifecycle"/> opens and closes streams, <see cref="SendScheduler"/> sends bodies.
/// Thread: the worker.
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
    private ReceiveWindow _window;
    private long _outputBytes;
    private int _depth;
    private bool _hasWritten;
    private bool _transportAbove;

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
        Streams = new StreamLifecycle(this);
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

    public StreamLifecycle Streams { get; }

    public PeerSettings Peer = new();

    public bool IsOpen => _state == ConnectionState.Open;

    /// <summary>The final GOAWAY is written.</summary>
    public bool IsGoingAway { get; private set; }

    public long NowNs => _transport.NowNs;

    /// <summary>What either side says first (RFC 9113 section 3.4); the connection's window follows SETTINGS.</summary>
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
        Streams.Abandon(reason);
        _reader.Release();
        Assembler.Release();
        Writer.Flood.OnClosed();
        Leave();
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
        if (_depth == 1 && _transportAbove != Streams.IsTransportAbove)
        {
            Streams.SetTransportAbove(_transportAbove);
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

        Streams.RecycleRetired(tellOwner: _state != ConnectionState.Closed);
    }

    /// <summary>The stream will never be met again: what the reader knows of it is dropped.</summary>
    public void Forget(Http2Stream stream) => _reader.Forget(stream);

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

    private void WriteGoAway(Http2ErrorCode code, ErrorDetail? detail)
    {
        IsGoingAway = true;

        // A server names the last stream it has taken up; a client takes none up, for pushes are off.
        Writer.WriteGoAway(IsServer ? Streams.Recent.HighestStreamId : 0, code, detail);
        Stats.Increment(Http2Stat.GoawaySent);
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
}
