using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Pools;

namespace Sidecar.Proxy.Router;

/// <summary>
/// One attempt at an upstream host: waits for a connection, sends the request, hears the response. Belongs to a router filter, which
/// uses it again for the next attempt. Thread: the worker.
/// </summary>
/// <remarks>
/// Body bytes that arrive before the connection, and all of them while the request may be retried, stay in <c>_body</c>; each attempt
/// sends what is there and then follows.
/// </remarks>
internal sealed class UpstreamRequest : StreamReceiver
{
    private readonly RouterFilter _router;
    private readonly PoolCallbacks _poolCallbacks;
    private readonly BufferChain _body;
    private PendingStream? _pending;
    private PooledConnection? _connection;
    private StreamSender? _sender;
    private AttemptState _state;
    private bool _requestEnded;
    private bool _responseEnded;
    private bool _keepBody;
    private int _readDisabled;

    public UpstreamRequest(RouterFilter router, SlabPool slabs)
    {
        _router = router;
        _poolCallbacks = new PoolCallbacks(this);
        _body = new BufferChain(slabs);
    }

    /// <summary>How far the attempt has come.</summary>
    private enum AttemptState : byte
    {
        None = 0,

        /// <summary>In the pool's queue.</summary>
        Waiting,

        /// <summary>Has a stream.</summary>
        Streaming,
        Done,
    }

    public override HeaderMap HeadersToFill => _router.Stream.ResponseHeaders;

    public override HeaderMap TrailersToFill => _router.Stream.ResponseTrailers;

    /// <summary>The connection of this attempt; null before there is one.</summary>
    public PooledConnection? Connection => _connection;

    /// <summary>In the pool's queue: nothing has been sent.</summary>
    public bool IsWaiting => _state == AttemptState.Waiting;

    public bool IsActive => _state is AttemptState.Waiting or AttemptState.Streaming;

    /// <summary>The head has gone to the codec: the upstream may have acted on the request.</summary>
    public bool RequestSent { get; private set; }

    /// <summary>Bytes kept for further attempts.</summary>
    public long KeptBytes => _body.Length;

    /// <summary>Asks the pool for a stream; the router hears of the outcome, perhaps before the call returns.</summary>
    /// <param name="pool">The chosen host's.</param>
    /// <param name="keepBody">The request may be retried: keep what is sent.</param>
    public void Start(ConnectionPool pool, bool keepBody)
    {
        Debug.Assert(!IsActive, "one attempt at a time");
        _state = AttemptState.Waiting;
        _keepBody = keepBody;
        _requestEnded = false;
        _responseEnded = false;
        RequestSent = false;
        _connection = null;
        _readDisabled = 0;
        _router.Stream.ResponseHeaders.Clear();
        _router.Stream.ResponseTrailers.Clear();
        PendingStream? pending = pool.NewStream(_poolCallbacks, this);
        if (_state == AttemptState.Waiting)
        {
            _pending = pending;
        }
    }

    /// <summary>A piece of the request's body.</summary>
    public void SendData(in Slice data, bool endStream)
    {
        bool streaming = _state == AttemptState.Streaming;
        if ((!streaming || _keepBody) && !data.IsEmpty)
        {
            _body.Append(in data);
        }

        if (streaming && !_requestEnded)
        {
            _requestEnded = endStream;
            _sender!.EncodeData(in data, endStream);
            AfterEncode();
        }
    }

    /// <summary>Body that was gathered before; moved out of the chain.</summary>
    public void SendBody(BufferChain data, bool endStream)
    {
        if (_state != AttemptState.Streaming)
        {
            _body.Move(data);
            return;
        }

        if (_keepBody)
        {
            for (int i = 0; i < data.SliceCount; i++)
            {
                _body.Append(data.SliceAt(i));
            }
        }

        if (!_requestEnded)
        {
            _requestEnded = endStream;
            _sender!.EncodeData(data, endStream);
            AfterEncode();
        }

        data.Clear();
    }

    public void SendTrailers(HeaderMap trailers)
    {
        if (_state == AttemptState.Streaming && !_requestEnded)
        {
            _requestEnded = true;
            _sender!.EncodeTrailers(trailers);
            AfterEncode();
        }
    }

    /// <summary>The request will not be retried after all: what is kept is only what was not yet sent.</summary>
    public void StopKeepingBody()
    {
        _keepBody = false;
        if (_state == AttemptState.Streaming)
        {
            _body.Clear();
        }
    }

    /// <summary>Counted: while positive the upstream is given no more room to send the response.</summary>
    public void ReadDisable(bool disable)
    {
        _readDisabled += disable ? 1 : -1;
        _sender?.ReadDisable(disable);
    }

    /// <summary>Gives the attempt up; nothing more is heard of it.</summary>
    public void Abandon()
    {
        AttemptState before = _state;
        _state = AttemptState.Done;
        if (before == AttemptState.Waiting)
        {
            PendingStream? pending = _pending;
            _pending = null;
            pending?.Cancel();
        }
        else if (before == AttemptState.Streaming)
        {
            StreamSender? sender = _sender;
            _sender = null;
            sender?.Reset(StreamResetReason.LocalReset);
        }
    }

    /// <summary>Ready for the next request.</summary>
    public void Recycle()
    {
        Abandon();
        _state = AttemptState.None;
        _connection = null;
        _body.Clear();
    }

    public override void OnInformationalHeaders()
    {
        _router.OnUpstreamInformationalHeaders();
        HeadersToFill.Clear();
    }

    public override void OnHeaders(bool endStream)
    {
        if (endStream)
        {
            OnResponseEnd();
        }

        _router.OnUpstreamHeaders(endStream);
    }

    public override void OnData(in Slice data, bool endStream)
    {
        if (endStream)
        {
            OnResponseEnd();
        }

        _router.OnUpstreamData(in data, endStream);
    }

    public override void OnTrailers()
    {
        OnResponseEnd();
        _router.OnUpstreamTrailers();
    }

    public override void OnReset(StreamResetReason reason, ErrorDetail? detail)
    {
        _sender = null;
        _state = AttemptState.Done;
        _router.OnUpstreamReset(reason, detail);
    }

    public override void OnAboveWriteBufferHighWatermark() => _router.OnUpstreamWatermark(above: true);

    public override void OnBelowWriteBufferLowWatermark() => _router.OnUpstreamWatermark(above: false);

    private void OnResponseEnd()
    {
        _responseEnded = true;
        if (_requestEnded)
        {
            // Both messages have ended: the codec lets go of us, and we of its sender.
            _sender = null;
            _state = AttemptState.Done;
        }
    }

    private void AfterEncode()
    {
        if (_responseEnded && _requestEnded)
        {
            _sender = null;
            _state = AttemptState.Done;
        }
    }

    private void OnReady(StreamSender sender, PooledConnection connection)
    {
        _pending = null;
        _connection = connection;
        _sender = sender;
        _state = AttemptState.Streaming;
        sender.SetWriteBufferLimit(_router.BufferLimitBytes);
        for (int i = 0; i < _readDisabled; i++)
        {
            sender.ReadDisable(true);
        }

        _router.OnUpstreamReady(connection);
        RequestSent = true;
        bool bodyFollows = !_body.IsEmpty || _router.HasTrailers || !_router.RequestComplete;
        _requestEnded = !bodyFollows;
        sender.EncodeHeaders(_router.Stream.RequestHeaders, _requestEnded);
        if (bodyFollows && _state == AttemptState.Streaming)
        {
            SendHeldBody();
        }
    }

    private void SendHeldBody()
    {
        bool endsWithBody = _router.RequestComplete && !_router.HasTrailers;
        if (!_body.IsEmpty && !_keepBody)
        {
            _requestEnded = endsWithBody;
            _sender!.EncodeData(_body, endsWithBody);
        }
        else
        {
            int slices = _body.SliceCount;
            for (int i = 0; i < slices && _state == AttemptState.Streaming; i++)
            {
                bool last = endsWithBody && i == slices - 1;
                _requestEnded = last;
                Slice slice = _body.SliceAt(i);
                _sender!.EncodeData(in slice, last);
            }
        }

        if (_state == AttemptState.Streaming && _router.RequestComplete && _router.HasTrailers && !_requestEnded)
        {
            SendTrailers(_router.Stream.RequestTrailers);
        }

        AfterEncode();
    }

    private void OnFailed(PoolFailureReason reason, HostWorkerState host, string? transportFailure)
    {
        _pending = null;
        _state = AttemptState.Done;
        _router.OnPoolFailure(reason, host, transportFailure);
    }

    private sealed class PoolCallbacks(UpstreamRequest request) : PoolStreamCallbacks
    {
        public override void OnPoolReady(StreamSender sender, PooledConnection connection) => request.OnReady(sender, connection);

        public override void OnPoolFailure(PoolFailureReason reason, HostWorkerState host, string? transportFailure) =>
            request.OnFailed(reason, host, transportFailure);
    }
}
