using System;
using System.Diagnostics;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network;
using Sidecar.Network.Connections;
using Sidecar.Proxy.Filters;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>How far a message has come.</summary>
internal enum MessageState : byte
{
    None = 0,
    Headers,
    Body,
    Ended,
}

/// <summary>
/// One request and its response on a downstream connection: the codec's receiver, the filters' stream. Pooled with its filters by the
/// connection manager's worker state; steady state allocates nothing. Thread: the worker.
/// </summary>
/// <remarks>
/// <code>
///   codec -> OnHeaders/OnData/OnTrailers -> DecodeWalk -> terminal filter (router)
///   codec &lt;- StreamSender &lt;- EncodeWalk &lt;- EncodeHeaders/EncodeData/EncodeTrailers (router, local replies)
/// </code>
/// It goes back to its pool once both messages have ended, or one side reset it, at the end of the iteration.
/// </remarks>
public sealed class HttpStream : StreamReceiver
{
    private readonly ConnectionManagerWorkerState _state;
    private readonly HttpFilter[] _filters;
    private readonly TerminalHttpFilter _terminal;
    private readonly DecodeWalk _decode;
    private readonly EncodeWalk _encode;
    private readonly StreamDeadlines _deadlines;
    private ConnectionManager? _owner;
    private StreamSender? _sender;
    private RouteEntry? _route;
    private MessageState _request;
    private MessageState _response;
    private bool _routeResolved;
    private bool _isFinished;
    private bool _localReply;

    internal HttpStream(ConnectionManagerWorkerState state, HttpFilter[] filters)
    {
        _state = state;
        _filters = filters;
        _terminal = (TerminalHttpFilter)filters[^1];
        SlabPool slabs = state.Worker.Dispatcher.Memory.Slabs;
        HttpFilter[] others = filters[..^1];
        _decode = new DecodeWalk(this, others, _terminal, slabs);
        HttpFilter[] reversed = filters[..^1];
        Array.Reverse(reversed);
        _encode = new EncodeWalk(this, reversed, slabs);
        _deadlines = new StreamDeadlines(this, state);
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i].Join(this, i);
        }
    }

    public override HeaderMap HeadersToFill => RequestHeaders;

    public override HeaderMap TrailersToFill => RequestTrailers;

    public HeaderMap RequestHeaders { get; } = new();

    public HeaderMap RequestTrailers { get; } = new();

    /// <summary>Filled by the router or a local reply, then passed with <see cref="EncodeHeaders"/>.</summary>
    public HeaderMap ResponseHeaders { get; } = new();

    public HeaderMap ResponseTrailers { get; } = new();

    public StreamInfo Info { get; } = new();

    public Worker Worker => _state.Worker;

    public ConnectionManagerModel Model => _state.Model;

    public Connection Connection => _owner!.Connection;

    /// <summary>The HTTP version spoken with the client.</summary>
    public HttpProtocol Protocol => _owner!.Protocol;

    /// <summary>True when the connection to the client is encrypted.</summary>
    public bool IsSecure => _owner!.IsSecure;

    /// <summary>The client asked for an upgrade, and it is allowed here.</summary>
    public bool IsUpgrade { get; private set; }

    /// <summary>The request comes from inside the mesh (<c>x-envoy-internal</c>).</summary>
    public bool IsInternal => RequestHeaders.Get(HeaderId.XEnvoyInternal).SequenceEqual("true"u8);

    /// <summary>The whole request has arrived.</summary>
    public bool RequestEnded => _request == MessageState.Ended;

    /// <summary>The response's head has been handed to the codec.</summary>
    public bool ResponseStarted => _response != MessageState.None;

    /// <summary>The exchange is over: nothing may be encoded or decoded any more.</summary>
    public bool IsFinished => _isFinished;

    /// <summary>Link of the worker state's lists.</summary>
    internal HttpStream? Next { get; set; }

    internal HttpStream? Previous { get; set; }

    /// <summary>A filter's answer cut the request short: the decode walk stops.</summary>
    internal bool IsDecodeAborted => _isFinished || _localReply;

    internal ConnectionManagerWorkerState State => _state;

    /// <summary>The request's route, looked up at the first call; null when none matches.</summary>
    public RouteEntry? Route
    {
        get
        {
            if (!_routeResolved)
            {
                ResolveRoute();
            }

            return _route;
        }
    }

    /// <summary>Forgets the route, so that the next look-up sees changed headers.</summary>
    public void ClearRoute()
    {
        _routeResolved = false;
        _route = null;
    }

    // ---- request: from the codec ----

    public override void OnHeaders(bool endStream)
    {
        _request = endStream ? MessageState.Ended : MessageState.Headers;
        _owner!.OnRequestHead(this);
        Info.RecordRequestHead(Worker.Dispatcher.NowNs, Protocol, RequestHeaders.ByteSize);
        if (endStream)
        {
            Info.RecordRequestEnd(Worker.Dispatcher.NowNs);
        }

        if (RequestHeadCheck.Find(RequestHeaders, Protocol) is { } problem)
        {
            SendLocalReply(problem);
            return;
        }

        IsUpgrade = RequestHeaders.Has(HeaderId.Upgrade) && RequestHeaderRules.IsUpgrade(RequestHeaders, Model);
        Info.DownstreamRemoteAddress = RequestHeaderRules.Apply(RequestHeaders, Model, Connection.Info, IsSecure, Protocol, Worker);
        _deadlines.OnRequestHead(endStream);
        if (!endStream && RequestHeaders.Has(HeaderId.Expect) && !Model.Proxy100Continue)
        {
            AnswerExpectation();
        }

        _decode.Headers(RequestHeaders, endStream);
    }

    public override void OnData(in Slice data, bool endStream)
    {
        _request = endStream ? MessageState.Ended : MessageState.Body;
        Info.BytesReceived += data.Length;
        OnActivity();
        if (endStream)
        {
            OnRequestEnd();
        }

        if (!IsDecodeAborted)
        {
            _decode.Data(in data, endStream);
        }
    }

    public override void OnTrailers()
    {
        _request = MessageState.Ended;
        OnActivity();
        OnRequestEnd();
        if (!IsDecodeAborted)
        {
            _decode.Trailers(RequestTrailers);
        }
    }

    public override void OnReset(StreamResetReason reason, ErrorDetail? detail)
    {
        if (_isFinished)
        {
            return;
        }

        _sender = null;
        StreamOutcome.RecordDownstreamReset(this, reason, detail);
        Finish();
    }

    public override void OnAboveWriteBufferHighWatermark()
    {
        Stats.Increment((int)HttpStat.DownstreamFlowControlPausedReadingTotal);
        _terminal.OnDownstreamWatermark(above: true);
    }

    public override void OnBelowWriteBufferLowWatermark()
    {
        Stats.Increment((int)HttpStat.DownstreamFlowControlResumedReadingTotal);
        _terminal.OnDownstreamWatermark(above: false);
    }

    // ---- response: from the terminal filter or a local reply ----

    /// <summary>Passes a 1xx response on; its headers are the caller's.</summary>
    public void EncodeInformationalHeaders(HeaderMap headers)
    {
        if (_isFinished || ResponseStarted || (headers.Status == 100 && !Model.Proxy100Continue))
        {
            return;
        }

        for (int i = _filters.Length - 2; i >= 0; i--)
        {
            _filters[i].EncodeInformationalHeaders(headers);
        }

        _sender!.EncodeInformationalHeaders(headers);
    }

    /// <summary>The response's head stands in <see cref="ResponseHeaders"/>.</summary>
    public void EncodeHeaders(bool endStream)
    {
        if (_isFinished)
        {
            return;
        }

        OnActivity();
        _encode.Headers(ResponseHeaders, endStream);
    }

    public void EncodeData(in Slice data, bool endStream)
    {
        if (_isFinished)
        {
            return;
        }

        OnActivity();
        _encode.Data(in data, endStream);
    }

    /// <summary>Moves everything out of the chain.</summary>
    public void EncodeData(BufferChain data, bool endStream)
    {
        if (_isFinished)
        {
            data.Clear();
            return;
        }

        OnActivity();
        _encode.Body(data, endStream);
    }

    /// <summary>The trailers stand in <see cref="ResponseTrailers"/>.</summary>
    public void EncodeTrailers()
    {
        if (_isFinished)
        {
            return;
        }

        OnActivity();
        _encode.Trailers(ResponseTrailers);
    }

    /// <summary>
    /// Answers the request from here: gRPC requests get a trailers-only response, others the detail's body as text. When a response has
    /// begun already, the stream is reset instead. Nothing more of the request reaches the filters behind the caller.
    /// </summary>
    public void SendLocalReply(ErrorDetail detail) => SendLocalReply(detail, default);

    /// <inheritdoc cref="SendLocalReply(ErrorDetail)"/>
    /// <param name="detail">What happened.</param>
    /// <param name="body">The body instead of the detail's own; empty for that.</param>
    public void SendLocalReply(ErrorDetail detail, ReadOnlySpan<byte> body)
    {
        if (_isFinished)
        {
            return;
        }

        Info.SetResponse(detail);
        if (ResponseStarted)
        {
            Stats.Increment((int)HttpStat.RqResetAfterDownstreamResponseStarted);
            ResetStream(StreamResetReason.LocalReset);
            return;
        }

        if (_localReply)
        {
            return;
        }

        _localReply = true;
        _decode.Reset();
        _encode.Reset();
        LocalReply.Send(this, detail, body);
    }

    /// <summary>Answers with headers that the caller has put into <see cref="ResponseHeaders"/> (redirects, direct responses).</summary>
    public void SendPreparedReply(ErrorDetail detail, ReadOnlySpan<byte> body)
    {
        if (_isFinished || ResponseStarted || _localReply)
        {
            return;
        }

        Info.SetResponse(detail);
        _localReply = true;
        _decode.Reset();
        _encode.Reset();
        LocalReply.SendPrepared(this, body);
    }

    /// <summary>Ends the exchange in both directions at once.</summary>
    public void ResetStream(StreamResetReason reason)
    {
        if (_isFinished)
        {
            return;
        }

        Stats.Increment((int)HttpStat.DownstreamRqTxReset);
        ConnectionManager owner = _owner!;
        StreamSender? sender = _sender;
        _sender = null;
        Finish();
        sender?.Reset(reason);
        owner.AfterStream();
    }

    /// <summary>A filter that had stopped the request lets it go on.</summary>
    public void ContinueDecoding(HttpFilter filter) => _decode.Continue(filter);

    /// <summary>A filter that had stopped the response lets it go on.</summary>
    public void ContinueEncoding(HttpFilter filter) => _encode.Continue(filter);

    /// <summary>Counted: while positive the client is not given more room to send the request's body.</summary>
    public void ReadDisable(bool disable)
    {
        if (!_isFinished)
        {
            _sender?.ReadDisable(disable);
        }
    }

    /// <summary>The route has its own idle timeout and longest duration.</summary>
    public void ApplyRouteTimeouts(RouteTimeouts timeouts)
    {
        if (timeouts.IdleTimeoutMs is { } idleMs)
        {
            _deadlines.SetIdleTimeout(idleMs);
        }

        if (timeouts.MaxStreamDuration is not null)
        {
            _deadlines.SetMaxDuration(timeouts.StreamDurationMs(RequestHeaders, Model.MaxStreamDurationMs));
        }
    }

    /// <summary>Something moved: the idle timeout starts again.</summary>
    internal void OnActivity() => _deadlines.OnActivity();

    internal void Begin(ConnectionManager owner, StreamSender sender)
    {
        _owner = owner;
        _sender = sender;
        _isFinished = false;
        int limit = Model.BufferLimitBytes;
        _decode.BufferLimit = limit;
        _encode.BufferLimit = limit;
        sender.SetWriteBufferLimit(limit);
        Info.Begin(owner.Connection.Info, Worker.Dispatcher.NowNs, Worker.Dispatcher.Time);
        _deadlines.Begin();
        Stats.Increment((int)HttpStat.DownstreamRqTotal);
        Stats.Increment((int)HttpStat.DownstreamRqActive);
    }

    /// <summary>The owner gives up (connection closed by us): the same as a reset, without telling the codec.</summary>
    internal void Abandon(StreamResetReason reason) => OnReset(reason, null);

    // ---- the ends of the walks ----

    internal void FinishHeaders(HeaderMap headers, bool endStream)
    {
        Debug.Assert(_response == MessageState.None, "one head a response");
        ConnectionManager owner = _owner!;
        bool upgraded = IsUpgrade && headers.Status == 101;
        ResponseHeaderRules.Apply(headers, Model, RequestHeaders, _state.Date.Get(Info.StartUnixNs + Worker.Dispatcher.NowNs - Info.StartNs), upgraded);
        owner.BeforeResponseHead();
        _response = endStream ? MessageState.Ended : MessageState.Headers;
        Info.RecordResponseHead(Worker.Dispatcher.NowNs, headers);
        _sender!.EncodeHeaders(headers, endStream);
        if (endStream)
        {
            EndResponse();
        }
    }

    internal void FinishData(in Slice data, bool endStream)
    {
        Info.BytesSent += data.Length;
        _response = endStream ? MessageState.Ended : MessageState.Body;
        _sender!.EncodeData(in data, endStream);
        if (endStream)
        {
            EndResponse();
        }
    }

    internal void FinishBody(BufferChain data, bool endStream)
    {
        Info.BytesSent += data.Length;
        _response = endStream ? MessageState.Ended : MessageState.Body;
        _sender!.EncodeData(data, endStream);
        if (endStream)
        {
            EndResponse();
        }
    }

    internal void FinishTrailers(HeaderMap trailers)
    {
        _response = MessageState.Ended;
        _sender!.EncodeTrailers(trailers);
        EndResponse();
    }

    internal StatBlock Stats => _state.Stats;

    /// <summary>Puts everything back to its first state; the stream may serve the next request.</summary>
    internal void Recycle()
    {
        _owner = null;
        _sender = null;
        _request = MessageState.None;
        _response = MessageState.None;
        _localReply = false;
        IsUpgrade = false;
        ClearRoute();
        _decode.Reset();
        _encode.Reset();
        RequestHeaders.Clear();
        RequestTrailers.Clear();
        ResponseHeaders.Clear();
        ResponseTrailers.Clear();
        Info.Reset();
    }

    internal void OnTimeout(ErrorDetail detail, HttpStat stat)
    {
        Stats.Increment((int)stat);
        SendLocalReply(detail);
    }

    /// <summary>RFC 9110 section 10.1.1: the client waits with its body until somebody says that it is wanted; that is us.</summary>
    private void AnswerExpectation()
    {
        if (Ascii.EqualsIgnoreCase(RequestHeaders.Get(HeaderId.Expect), "100-continue"u8))
        {
            ResponseHeaders.Add(HeaderId.Status, 100);
            _sender!.EncodeInformationalHeaders(ResponseHeaders);
            ResponseHeaders.Clear();
        }

        RequestHeaders.Remove(HeaderId.Expect);
    }

    private void OnRequestEnd()
    {
        Info.RecordRequestEnd(Worker.Dispatcher.NowNs);
        _deadlines.OnRequestEnd();
    }

    private void ResolveRoute()
    {
        _routeResolved = true;
        RouteTable? table = Model.Routes.Current(Worker.Dispatcher);
        var context = new RouteContext(IsSecure, Worker.NextRandom(), Info);
        _route = table?.Find(RequestHeaders, in context);
        Info.Route = _route;
    }

    /// <summary>The response is complete; without the rest of the request the exchange is over all the same.</summary>
    private void EndResponse()
    {
        if (_isFinished)
        {
            return;
        }

        ConnectionManager owner = _owner!;
        Info.RecordResponseEnd(Worker.Dispatcher.NowNs);
        StreamSender? unread = null;
        if (_request != MessageState.Ended)
        {
            Stats.Increment((int)HttpStat.DownstreamRqResponseBeforeRqComplete);
            unread = _sender;
        }

        Finish();
        if (unread is not null)
        {
            owner.OnResponseBeforeRequestEnd(unread);
        }

        owner.AfterStream();
    }

    private void Finish()
    {
        _isFinished = true;
        _deadlines.End();
        if (_response != MessageState.Ended || _request != MessageState.Ended)
        {
            _terminal.OnDownstreamReset();
        }

        StreamOutcome.Record(this);
        foreach (HttpFilter filter in _filters)
        {
            filter.OnDestroy();
        }

        _owner!.Remove(this);
        _state.RecycleLater(this);
    }
}
