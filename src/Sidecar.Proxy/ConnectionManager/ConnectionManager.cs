using System;
using Sidecar.Core;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Network.Connections;
using Sidecar.Network.Filters;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// The HTTP connection manager of one downstream connection: chooses the codec, hands each request a stream, drains and closes the
/// connection. Owned by the connection; thread: the worker.
/// </summary>
internal sealed class ConnectionManager : NetworkFilter
{
    private readonly ConnectionManagerWorkerState _state;
    private readonly CodecOwner _codecOwner;
    private readonly Transport _transport;
    private readonly Preface _preface = new();
    private SchedulableCallback? _resume;
    private ConnectionDeadlines? _deadlines;
    private ServerCodec? _codec;
    private HttpStream? _firstStream;
    private int _streams;
    private uint _requests;
    private DrainPhase _drain;
    private bool _protocolError;

    public ConnectionManager(ConnectionManagerWorkerState state)
    {
        _state = state;
        _codecOwner = new CodecOwner(this);
        _transport = new Transport(this);
    }

    /// <summary>How far the connection has been drained.</summary>
    private enum DrainPhase : byte
    {
        None = 0,

        /// <summary>The peer was asked to stop; streams in flight may still arrive.</summary>
        Noticed,

        /// <summary>No more streams; closes when the last one ends.</summary>
        Closing,
    }

    public Connection Connection { get; private set; } = null!;

    public HttpProtocol Protocol => _codec?.Protocol ?? HttpProtocol.None;

    public bool IsSecure => _state.IsSecure;

    private ConnectionManagerModel Model => _state.Model;

    private StatBlock Stats => _state.Stats;

    public override void Attach(Connection connection)
    {
        Connection = connection;
        connection.DelayedCloseTimeoutMs = Model.DelayedCloseTimeoutMs;
        connection.AddCallbacks(new Callbacks(this));
        Stats.Increment((int)HttpStat.DownstreamCxTotal);
        Stats.Increment((int)HttpStat.DownstreamCxActive);
        if (IsSecure)
        {
            Stats.Increment((int)HttpStat.DownstreamCxSslTotal);
            Stats.Increment((int)HttpStat.DownstreamCxSslActive);
        }
    }

    public override NetworkFilterStatus OnNewConnection()
    {
        _deadlines = new ConnectionDeadlines(this, Model, _state.Worker.Dispatcher);
        if (Model.CodecType != CodecType.Auto)
        {
            CreateCodec(Model.CodecType == CodecType.Http2);
        }
        else if (Connection.Transport.ApplicationProtocol.SequenceEqual("h2"u8))
        {
            CreateCodec(http2: true);
        }

        return NetworkFilterStatus.Continue;
    }

    public override NetworkFilterStatus OnData(in Slice data, bool endStream)
    {
        if (!data.IsEmpty)
        {
            Stats.Add((int)HttpStat.DownstreamCxRxBytesTotal, data.Length);
            if (_codec is not null)
            {
                Dispatch(in data);
            }
            else
            {
                Detect(in data);
            }
        }

        if (endStream)
        {
            _codec?.OnEndOfStream();
        }

        return NetworkFilterStatus.StopIteration;
    }

    public override void OnDrain()
    {
        if (_codec is null)
        {
            Close(ConnectionCloseType.FlushWrite);
            return;
        }

        StartDrain();
    }

    /// <summary>A request's head has arrived: counts it and decides whether it is the connection's last.</summary>
    public void OnRequestHead(HttpStream stream)
    {
        _ = stream;
        Stats.Increment((int)HttpStat.RqTotal);
        Stats.Increment((int)(Protocol == HttpProtocol.Http2 ? HttpStat.DownstreamRqHttp2Total : HttpStat.DownstreamRqHttp1Total));
        if (Model.MaxRequestsPerConnection > 0 && _requests >= Model.MaxRequestsPerConnection && _drain == DrainPhase.None)
        {
            Stats.Increment((int)HttpStat.DownstreamCxMaxRequestsReached);
            StartDrain();
        }
    }

    /// <summary>The last moment at which a response can carry <c>connection: close</c>.</summary>
    public void BeforeResponseHead()
    {
        if (_drain == DrainPhase.None && _state.Drain.ShouldClose(_state.Worker.Dispatcher.NowNs, _state.Worker.NextRandom()))
        {
            Stats.Increment((int)HttpStat.DownstreamCxDrainClose);
            StartDrain();
        }
    }

    /// <summary>The response is complete but the request is not: the rest of the request is of no use.</summary>
    public void OnResponseBeforeRequestEnd(StreamSender sender)
    {
        bool http2 = Protocol == HttpProtocol.Http2;
        // HTTP/2 sends what waits for flow control first, then RST_STREAM NO_ERROR (RFC 9113 section 8.1).
        sender.Reset(StreamResetReason.LocalReset);
        if (!http2)
        {
            Close(ConnectionCloseType.FlushWriteAndDelay);
        }
    }

    /// <summary>A stream has ended; closes the connection when it was the last one of a draining connection.</summary>
    public void AfterStream()
    {
        if (_streams > 0 || Connection.State != ConnectionState.Open)
        {
            return;
        }

        // A response that still waits for flow control keeps its codec stream, and the connection, alive.
        if (_codec is { ActiveStreams: 0 } && (_drain == DrainPhase.Closing || _codec.WantsClose))
        {
            Close(ConnectionCloseType.FlushWriteAndDelay);
            return;
        }

        _deadlines!.OnIdle();
    }

    public void Remove(HttpStream stream)
    {
        HttpStream? previous = stream.Previous;
        HttpStream? next = stream.Next;
        if (previous is null)
        {
            _firstStream = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is not null)
        {
            next.Previous = previous;
        }

        stream.Previous = null;
        stream.Next = null;
        _streams--;
    }

    /// <summary>Asks the client to go: it is given the drain time to let requests in flight arrive, then the final GOAWAY is sent.</summary>
    internal void StartDrain()
    {
        if (_drain != DrainPhase.None || _codec is null)
        {
            return;
        }

        _codec.ShutdownNotice();
        if (Protocol == HttpProtocol.Http2 && Model.DrainTimeoutMs > 0)
        {
            _drain = DrainPhase.Noticed;
            _deadlines!.StartDrain(Model.DrainTimeoutMs);
            return;
        }

        FinishDrain();
    }

    internal void FinishDrain()
    {
        _drain = DrainPhase.Closing;
        _codec!.GoAway();
        AfterStream();
    }

    internal void OnIdleTimeout()
    {
        Stats.Increment((int)HttpStat.DownstreamCxIdleTimeout);
        if (_codec is null)
        {
            Close(ConnectionCloseType.FlushWrite);
            return;
        }

        // An HTTP/2 client may be sending a request at this very moment: it gets the two-step goodbye.
        StartDrain();
    }

    internal void OnMaxDuration()
    {
        Stats.Increment((int)HttpStat.DownstreamCxMaxDurationReached);
        if (_codec is null)
        {
            Close(ConnectionCloseType.FlushWrite);
            return;
        }

        StartDrain();
    }

    internal bool HasStreams => _streams > 0;

    private void Close(ConnectionCloseType type) => Connection.Close(type);

    private HttpStream NewStream(StreamSender sender)
    {
        HttpStream stream = _state.Rent();
        stream.Next = _firstStream;
        if (_firstStream is not null)
        {
            _firstStream.Previous = stream;
        }

        _firstStream = stream;
        _streams++;
        _requests++;
        _deadlines!.OnBusy();
        stream.Begin(this, sender);
        return stream;
    }

    /// <summary>A pipelined request waits in the codec: it is parsed once the event that let it go is over.</summary>
    private void ResumeSoon()
    {
        _resume ??= _state.Worker.Dispatcher.CreateCallback(new ResumeHandler(this));
        _resume.ScheduleCurrentIteration();
    }

    private void Resume()
    {
        if (Connection.State == ConnectionState.Open && _codec is not null)
        {
            AfterInput(_codec.Resume());
        }
    }

    private void Dispatch(in Slice data) => AfterInput(_codec!.OnData(in data));

    private void AfterInput(ErrorDetail? error)
    {
        if (error is not null)
        {
            OnProtocolError(error);
        }
        else if (_streams == 0 && Connection.State == ConnectionState.Open && _codec is { WantsClose: true, ActiveStreams: 0 })
        {
            Close(ConnectionCloseType.FlushWriteAndDelay);
        }
    }

    /// <summary>
    /// The peer broke the protocol. HTTP/1 answers the request that did it; whatever else is open is reset with the connection.
    /// </summary>
    private void OnProtocolError(ErrorDetail error)
    {
        if (_protocolError || Connection.State != ConnectionState.Open)
        {
            return;
        }

        _protocolError = true;
        Stats.Increment((int)HttpStat.DownstreamCxProtocolError);
        if (_firstStream is { ResponseStarted: false } stream && Protocol != HttpProtocol.Http2 && error.HttpStatus != 0)
        {
            stream.SendLocalReply(error);
        }

        if (Connection.State == ConnectionState.Open)
        {
            Close(ConnectionCloseType.FlushWriteAndDelay);
        }
    }

    private void Detect(in Slice data)
    {
        switch (_preface.Offer(in data))
        {
            case PrefaceMatch.NeedMore:
                return;
            case PrefaceMatch.Http2:
                CreateCodec(http2: true);
                break;
            default:
                CreateCodec(http2: false);
                break;
        }

        int held = _preface.HeldBytes;
        if (held == 0)
        {
            Dispatch(in data);
            return;
        }

        Slab slab = _state.Worker.Dispatcher.Memory.Slabs.Rent();
        _preface.CopyHeldTo(slab.Span);
        Dispatch(new Slice(slab, 0, held));
        slab.Release();
        if (Connection.State == ConnectionState.Open && !_protocolError)
        {
            Slice rest = data.From(_preface.TakenFromLast);
            if (!rest.IsEmpty)
            {
                Dispatch(in rest);
            }
        }
    }

    private void CreateCodec(bool http2)
    {
        if (http2)
        {
            _codec = new Http2ServerCodec(_transport, _codecOwner, Model.Http2, _state.Http2Streams, _state.Http2Stats);
            Stats.Increment((int)HttpStat.DownstreamCxHttp2Total);
            Stats.Increment((int)HttpStat.DownstreamCxHttp2Active);
        }
        else
        {
            _codec = new Http1ServerCodec(_transport, _codecOwner, Model.Http1, _state.Http1Stats);
            Stats.Increment((int)HttpStat.DownstreamCxHttp1Total);
            Stats.Increment((int)HttpStat.DownstreamCxHttp1Active);
        }
    }

    private void OnConnectionEvent(ConnectionEvent connectionEvent)
    {
        bool active = _streams > 0;
        bool remote = connectionEvent == ConnectionEvent.RemoteClose;
        Stats.Decrement((int)HttpStat.DownstreamCxActive);
        Stats.Increment((int)HttpStat.DownstreamCxDestroy);
        Stats.Increment((int)(remote ? HttpStat.DownstreamCxDestroyRemote : HttpStat.DownstreamCxDestroyLocal));
        if (active)
        {
            Stats.Increment((int)HttpStat.DownstreamCxDestroyActiveRq);
            Stats.Increment((int)(remote ? HttpStat.DownstreamCxDestroyRemoteActiveRq : HttpStat.DownstreamCxDestroyLocalActiveRq));
        }

        if (IsSecure)
        {
            Stats.Decrement((int)HttpStat.DownstreamCxSslActive);
        }

        if (_codec is not null)
        {
            Stats.Decrement((int)(Protocol == HttpProtocol.Http2 ? HttpStat.DownstreamCxHttp2Active : HttpStat.DownstreamCxHttp1Active));
        }

        long lengthNs = _state.Worker.Dispatcher.NowNs - Connection.Info.StartNs;
        Stats.Record((int)HttpStat.DownstreamCxLengthMs, lengthNs / 1_000_000);
        _deadlines?.Stop();
        _resume?.Cancel();
        _codec?.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        while (_firstStream is { } stream)
        {
            // The codec told every stream that it knows of; one may be waiting for its response only.
            stream.Abandon(StreamResetReason.ConnectionTermination);
        }
    }

    private sealed class CodecOwner(ConnectionManager manager) : ServerCodecOwner
    {
        public override StreamReceiver OnNewStream(StreamSender responseSender) => manager.NewStream(responseSender);

        public override void OnGoAway()
        {
        }

        public override void OnStreamClosed() => manager.AfterStream();

        public override void OnInputHeld() => manager.ResumeSoon();
    }

    private sealed class ResumeHandler(ConnectionManager manager) : CallbackHandler
    {
        public override void OnCallback(SchedulableCallback callback) => manager.Resume();
    }

    private sealed class Transport(ConnectionManager manager) : CodecTransport
    {
        public override BufferChain Output => manager.Connection.WriteBuffer;

        public override WorkerMemory Memory => manager._state.Worker.Dispatcher.Memory;

        public override long NowNs => manager._state.Worker.Dispatcher.NowNs;

        public override void OutputWritten() => manager.Connection.ScheduleFlush();

        public override void ReadDisable(bool disable) => manager.Connection.ReadDisable(disable);
    }

    private sealed class Callbacks(ConnectionManager manager) : ConnectionCallbacks
    {
        public override void OnEvent(ConnectionEvent connectionEvent) => manager.OnConnectionEvent(connectionEvent);

        public override void OnAboveWriteBufferHighWatermark() => manager._codec?.OnTransportWatermark(above: true);

        public override void OnBelowWriteBufferLowWatermark() => manager._codec?.OnTransportWatermark(above: false);

        public override void OnBytesSent(long bytes) => manager.Stats.Add((int)HttpStat.DownstreamCxTxBytesTotal, bytes);
    }
}
