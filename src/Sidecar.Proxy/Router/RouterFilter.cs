using System;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Proxy.Errors;
using Sidecar.Proxy.Filters;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.LoadBalancing;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;

namespace Sidecar.Proxy.Router;

/// <summary>
/// The terminal filter of a stream: chooses route, cluster and host, sends the request, brings the response back, retries. Pooled with
/// its stream. Thread: the worker.
/// </summary>
/// <remarks>
/// <code>
///   DecodeHeaders: route? -> redirect / direct response / cluster? -> limits, timeouts, rewrites -> Attempt
///   Attempt: host? -> pool -> UpstreamRequest -> OnUpstreamHeaders -> retry? -> client
///                                            \-> OnUpstreamReset / OnPoolFailure / timeouts -> retry? -> local reply
/// </code>
/// </remarks>
internal sealed class RouterFilter : TerminalHttpFilter
{
    /// <summary>RFC 1035 section 2.3.4.</summary>
    private const int MaxHostname = 255;

    private readonly RouterWorkerState _state;
    private readonly RetryState _retry = new();
    private readonly TriedHosts _triedHosts = new();
    private UpstreamRequest _upstream = null!;
    private RouterDeadlines _deadlines = null!;
    private RouteEntry? _route;
    private ClusterWorkerState? _cluster;
    private EffectiveTimeouts _timeouts;
    private long _attemptStartNs;
    private bool _active;
    private bool _responseStarted;
    private bool _mayRetry;
    private bool _inRetry;
    private bool _pausedDownstream;

    public RouterFilter(RouterWorkerState state) => _state = state;

    /// <summary>The client has sent its whole request.</summary>
    public bool RequestComplete { get; private set; }

    public bool HasTrailers { get; private set; }

    /// <summary>Bytes that may wait for one upstream stream.</summary>
    public int BufferLimitBytes => _cluster!.Model.Connection.PerConnectionBufferLimitBytes;

    private StatBlock HttpStats => Stream.Stats;

    private bool AddsEnvoyHeaders => !_state.Factory.SuppressEnvoyHeaders;

    public override FilterHeadersStatus DecodeHeaders(HeaderMap headers, bool endStream)
    {
        _active = true;
        RequestComplete = endStream;
        _route = Stream.Route;
        if (_route is null)
        {
            HttpStats.Increment((int)HttpStat.NoRoute);
            Stream.SendLocalReply(ProxyErrors.RouteNotFound);
            return FilterHeadersStatus.StopIteration;
        }

        switch (_route.Kind)
        {
            case RouteActionKind.Redirect:
                HttpStats.Increment((int)HttpStat.RqRedirect);
                DirectAnswers.Redirect(Stream, _route);
                break;
            case RouteActionKind.DirectResponse:
                HttpStats.Increment((int)HttpStat.RqDirectResponse);
                DirectAnswers.Respond(Stream, _route);
                break;
            default:
                Forward(headers);
                break;
        }

        return FilterHeadersStatus.StopIteration;
    }

    public override void DecodeData(in Slice data, bool endStream)
    {
        RequestComplete |= endStream;
        if (!_active)
        {
            return;
        }

        _upstream.SendData(in data, endStream);
        AfterBody(endStream);
    }

    public override void DecodeBody(BufferChain data, bool endStream)
    {
        RequestComplete |= endStream;
        if (!_active)
        {
            data.Clear();
            return;
        }

        _upstream.SendBody(data, endStream);
        AfterBody(endStream);
    }

    public override FilterTrailersStatus DecodeTrailers(HeaderMap trailers)
    {
        HasTrailers = true;
        RequestComplete = true;
        if (_active)
        {
            _upstream.SendTrailers(trailers);
            _deadlines.StartGlobal(_timeouts.GlobalMs);
        }

        return FilterTrailersStatus.StopIteration;
    }

    public override void OnDownstreamWatermark(bool above)
    {
        if (_upstream.IsActive)
        {
            _upstream.ReadDisable(above);
            Count(above
                ? ClusterTrafficStat.UpstreamFlowControlPausedReadingTotal
                : ClusterTrafficStat.UpstreamFlowControlResumedReadingTotal);
        }
    }

    public override void OnDownstreamReset()
    {
        if (_upstream.IsActive)
        {
            if (!_upstream.IsWaiting)
            {
                Count(ClusterTrafficStat.UpstreamRqTxReset);
            }

            _upstream.Abandon();
        }
    }

    public override void OnDestroy()
    {
        _active = false;
        _deadlines.Clear();
        _upstream.Recycle();
        _triedHosts.Clear();
        _route = null;
        _cluster = null;
        RequestComplete = false;
        HasTrailers = false;
        _responseStarted = false;
        _mayRetry = false;
        _inRetry = false;
        _pausedDownstream = false;
    }

    // ---- from the upstream request ----

    internal void OnUpstreamReady(PooledConnection connection)
    {
        UpstreamRecord.Ready(Stream.Info, connection, Stream.Worker.Dispatcher.NowNs);
        string hostname = connection.Host.Host.Hostname;
        if (_route!.Forward!.AutoHostRewrite && hostname.Length is > 0 and <= MaxHostname)
        {
            Span<byte> name = stackalloc byte[MaxHostname];
            _route.Forward.SetHost(Stream.RequestHeaders, name[..Encoding.ASCII.GetBytes(hostname, name)]);
        }
    }

    internal void OnUpstreamInformationalHeaders() => Stream.EncodeInformationalHeaders(Stream.ResponseHeaders);

    internal void OnUpstreamHeaders(bool endStream)
    {
        HeaderMap headers = Stream.ResponseHeaders;
        long nowNs = Stream.Worker.Dispatcher.NowNs;
        Stream.Info.Times.FirstUpstreamRxByteNs = nowNs;
        HostStat outcome = headers.Status >= 500 ? HostStat.RqError : HostStat.RqSuccess;
        _upstream.Connection!.Host.Stats.Increment((int)outcome);
        if (_mayRetry)
        {
            long unixSeconds = (Stream.Info.StartUnixNs + nowNs - Stream.Info.StartNs) / 1_000_000_000;
            RetryDecision decision = _retry.ShouldRetryHeaders(headers, unixSeconds);
            if (TryRetry(decision))
            {
                return;
            }
        }

        _deadlines.OnResponseStarted();
        FinishRetry(headers.Status < 500);
        StartResponse(headers, nowNs, endStream);
    }

    internal void OnUpstreamData(in Slice data, bool endStream)
    {
        _deadlines.OnActivity();
        if (endStream)
        {
            OnUpstreamComplete();
        }

        Stream.EncodeData(in data, endStream);
    }

    internal void OnUpstreamTrailers()
    {
        OnUpstreamComplete();
        Stream.EncodeTrailers();
    }

    internal void OnUpstreamReset(StreamResetReason reason, ErrorDetail? detail)
    {
        _deadlines.EndAttempt();
        _upstream.Connection?.Host.Stats.Increment((int)HostStat.RqError);
        if (reason is StreamResetReason.RemoteReset or StreamResetReason.RemoteRefusedStreamReset)
        {
            Count(ClusterTrafficStat.UpstreamRqRxReset);
        }

        Fail(reason, detail ?? UpstreamFailures.Of(reason));
    }

    internal void OnPoolFailure(PoolFailureReason reason, HostWorkerState host, string? transportFailure)
    {
        _deadlines.EndAttempt();
        UpstreamRecord.Failed(Stream.Info, host, transportFailure);
        Fail(UpstreamFailures.ResetReasonOf(reason), UpstreamFailures.Of(reason));
    }

    internal void OnUpstreamWatermark(bool above)
    {
        if (_pausedDownstream != above)
        {
            _pausedDownstream = above;
            Stream.ReadDisable(above);
        }
    }

    // ---- from the timers ----

    internal void OnGlobalTimeout()
    {
        Count(ClusterTrafficStat.UpstreamRqTimeout);
        _upstream.Connection?.Host.Stats.Increment((int)HostStat.RqTimeout);
        _upstream.Abandon();
        Answer(ProxyErrors.UpstreamResponseTimeout);
    }

    internal void OnPerTryTimeout(bool idle)
    {
        Count(idle ? ClusterTrafficStat.UpstreamRqPerTryIdleTimeout : ClusterTrafficStat.UpstreamRqPerTryTimeout);
        _upstream.Connection?.Host.Stats.Increment((int)HostStat.RqTimeout);
        _upstream.Abandon();
        if (!_responseStarted && _mayRetry && TryRetry(_retry.ShouldRetryPerTryTimeout()))
        {
            return;
        }

        Answer(idle ? ProxyErrors.UpstreamPerTryIdleTimeout : ProxyErrors.UpstreamPerTryTimeout);
    }

    internal void OnBackOffOver() => Attempt();

    protected override void OnJoined()
    {
        _upstream = new UpstreamRequest(this, Stream.Worker.Dispatcher.Memory.Slabs);
        _deadlines = new RouterDeadlines(this, Stream.Worker.Dispatcher);
    }

    private void Forward(HeaderMap headers)
    {
        RouteEntry route = _route!;
        ForwardAction forward = route.Forward!;
        _cluster = ClusterChoice.Find(_state.Clusters, route, headers);
        if (_cluster is null)
        {
            HttpStats.Increment((int)HttpStat.NoCluster);
            Stream.SendLocalReply(ClusterChoice.NotFound(forward.ClusterNotFoundResponseCode));
            return;
        }

        UpstreamRecord.Cluster(Stream.Info, _cluster.Model);
        if (ClusterChoice.Refuses(_cluster, Stream.Worker) is { } refusal)
        {
            Count(ClusterTrafficStat.UpstreamRqMaintenanceMode);
            Stream.SendLocalReply(refusal);
            return;
        }

        _timeouts = EffectiveTimeouts.Resolve(forward, headers, _state.Factory.RespectExpectedRqTimeout, AddsEnvoyHeaders);
        _retry.Begin(forward.RetryPolicy, headers);
        _mayRetry = _retry.IsEnabled;
        _triedHosts.Begin(forward.RetryPolicy);
        Stream.ApplyRouteTimeouts(forward.Timeouts);
        route.FinalizeRequestHeaders(headers, Stream.Info, AddsEnvoyHeaders);
        if (RequestComplete)
        {
            _deadlines.StartGlobal(_timeouts.GlobalMs);
        }

        Attempt();
    }

    private void Attempt()
    {
        ClusterWorkerState cluster = _cluster!;
        HeaderMap headers = Stream.RequestHeaders;
        int attempt = ++Stream.Info.AttemptCount;
        if (_route!.VirtualHost.IncludeRequestAttemptCount)
        {
            headers.Set(HeaderId.XEnvoyAttemptCount, attempt);
        }

        var context = new LoadBalancerContext
        {
            DownstreamHeaders = headers,
            Predicate = _triedHosts.Predicate,
            HostSelectionRetryMaxAttempts = _triedHosts.MaxAttempts,
        };
        HostWorkerState? host = cluster.ChooseHost(in context);
        ConnectionPool? pool = host is null ? null : cluster.PoolOf(host, Priority, Stream.Protocol);
        if (pool is null)
        {
            Answer(host is null ? ProxyErrors.NoHealthyUpstream : ProxyErrors.UpstreamOverflow);
            return;
        }

        _triedHosts.Add(host!.Host);
        _attemptStartNs = Stream.Worker.Dispatcher.NowNs;
        _deadlines.StartAttempt(_timeouts.PerTryMs, _timeouts.PerTryIdleMs);
        _upstream.Start(pool, keepBody: _mayRetry);
    }

    private void AfterBody(bool endStream)
    {
        if (endStream)
        {
            _deadlines.StartGlobal(_timeouts.GlobalMs);
        }

        if (!_mayRetry && !_upstream.IsWaiting)
        {
            return;
        }

        long limit = _route!.PerRequestBufferLimitBytes ?? (uint)Stream.Model.BufferLimitBytes;
        if (limit == 0 || _upstream.KeptBytes <= limit)
        {
            return;
        }

        if (_upstream.IsWaiting)
        {
            OnUpstreamWatermark(above: true);
            return;
        }

        // Too large to be sent again: from here on the attempt under way is the last.
        Count(ClusterTrafficStat.RetryOrShadowAbandoned);
        _mayRetry = false;
        _upstream.StopKeepingBody();
    }

    private void StartResponse(HeaderMap headers, long nowNs, bool endStream)
    {
        _responseStarted = true;
        _upstream.StopKeepingBody();
        if (AddsEnvoyHeaders)
        {
            headers.Set(HeaderId.XEnvoyUpstreamServiceTime, (nowNs - _attemptStartNs) / 1_000_000);
        }

        if (_route!.VirtualHost.IncludeAttemptCountInResponse)
        {
            headers.Set(HeaderId.XEnvoyAttemptCount, Stream.Info.AttemptCount);
        }

        Stream.Info.ResponseCodeDetails = ProxyErrors.ViaUpstream;
        _route.FinalizeResponseHeaders(Stream.RequestHeaders, headers, Stream.Info);
        if (endStream)
        {
            OnUpstreamComplete();
        }

        Stream.EncodeHeaders(endStream);
    }

    private void OnUpstreamComplete()
    {
        long nowNs = Stream.Worker.Dispatcher.NowNs;
        Stream.Info.Times.LastUpstreamRxByteNs = nowNs;
        _deadlines.Clear();
        bool isCanary = _upstream.Connection!.Host.Host.Canary;
        StatBlock codes = _cluster!.ResponseCodes;
        ResponseCodeStats.Charge(codes, Stream.ResponseHeaders.Status, Stream.IsInternal, isCanary);
        ResponseCodeStats.RecordTime(codes, (nowNs - Stream.Info.StartNs) / 1_000_000, Stream.IsInternal, isCanary);
    }

    private void Fail(StreamResetReason reason, ErrorDetail detail)
    {
        if (_responseStarted)
        {
            Stream.Info.SetResponse(UpstreamFailures.AfterResponseStarted(reason));
            Stream.ResetStream(StreamResetReason.LocalReset);
            return;
        }

        if (_mayRetry && TryRetry(_retry.ShouldRetryReset(reason, _upstream.RequestSent)))
        {
            return;
        }

        Answer(detail);
    }

    /// <summary>Answers in the upstream's place; the cluster's response codes count it, as in Envoy.</summary>
    private void Answer(ErrorDetail detail)
    {
        FinishRetry(succeeded: false);
        ResponseCodeStats.Charge(_cluster!.ResponseCodes, detail.HttpStatus, Stream.IsInternal, isCanary: false);
        Stream.SendLocalReply(detail);
    }

    /// <summary>Starts the back-off of another attempt; false when there will be none.</summary>
    private bool TryRetry(RetryDecision decision)
    {
        if (decision == RetryDecision.NoRetryLimitExceeded)
        {
            Count(ClusterTrafficStat.UpstreamRqRetryLimitExceeded);
            Stream.Info.ResponseFlags |= ResponseFlags.UpstreamRetryLimitExceeded;
        }

        if (decision != RetryDecision.Yes)
        {
            return false;
        }

        // The retry that is under way gives its place in the budget to the next one.
        if (!_inRetry && !Limits.TryTake())
        {
            Count(ClusterTrafficStat.UpstreamRqRetryOverflow);
            Stream.Info.ResponseFlags |= ResponseFlags.UpstreamOverflow;
            return false;
        }

        _inRetry = true;
        Count(ClusterTrafficStat.UpstreamRqRetry);
        Count(ClusterTrafficStat.UpstreamRqRetryBackoffExponential);
        _upstream.Abandon();
        _deadlines.EndAttempt();
        OnUpstreamWatermark(above: false);
        _deadlines.StartBackOff(_retry.NextBackOffMs(Stream.Worker.NextRandom()));
        return true;
    }

    private ResourcePriority Priority => _route!.Forward!.HighPriority ? ResourcePriority.High : ResourcePriority.Default;

    private RetryLimit Limits => _cluster!.Limits(Priority).Retries;

    private void FinishRetry(bool succeeded)
    {
        if (!_inRetry)
        {
            return;
        }

        _inRetry = false;
        Limits.Return();
        if (succeeded)
        {
            Count(ClusterTrafficStat.UpstreamRqRetrySuccess);
        }
    }

    private void Count(ClusterTrafficStat stat) => _cluster!.Traffic.Increment((int)stat);
}
