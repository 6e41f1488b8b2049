using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>
/// The timeouts of one request: the route's, changed by the request's <c>x-envoy-</c> headers. Milliseconds; 0 means none.
/// </summary>
public readonly struct EffectiveTimeouts
{
    private EffectiveTimeouts(long globalMs, long perTryMs, long perTryIdleMs, bool hedgeOnPerTryTimeout)
    {
        GlobalMs = globalMs;
        PerTryMs = perTryMs;
        PerTryIdleMs = perTryIdleMs;
        HedgeOnPerTryTimeout = hedgeOnPerTryTimeout;
    }

    /// <summary>From the end of the request to the end of the response, over all attempts.</summary>
    public long GlobalMs { get; }

    public long PerTryMs { get; }

    public long PerTryIdleMs { get; }

    public bool HedgeOnPerTryTimeout { get; }

    /// <summary>
    /// Decides the timeouts and takes the headers that only the next proxy would understand out of the request; tells the upstream by
    /// <c>x-envoy-expected-rq-timeout-ms</c> and <c>grpc-timeout</c> how long it has.
    /// </summary>
    /// <param name="route">The route's action.</param>
    /// <param name="request">Changed.</param>
    /// <param name="respectExpectedTimeout">An egress proxy in front has decided already (<c>respect_expected_rq_timeout</c>).</param>
    /// <param name="insertExpectedTimeout">False with <c>suppress_envoy_headers</c>.</param>
    public static EffectiveTimeouts Resolve(ForwardAction route, HeaderMap request, bool respectExpectedTimeout, bool insertExpectedTimeout)
    {
        bool isGrpc = GrpcContentType.IsGrpc(request);
        bool hedge = Hedges(route, request);
        long globalMs = route.Timeouts.BaseTimeoutMs(request, isGrpc);
        if (!respectExpectedTimeout || !TryRead(request, HeaderId.XEnvoyExpectedRqTimeoutMs, ref globalMs))
        {
            TryRead(request, HeaderId.XEnvoyUpstreamRqTimeoutMs, ref globalMs);
            request.Remove(HeaderId.XEnvoyUpstreamRqTimeoutMs);
        }

        long perTryMs = route.RetryPolicy.PerTryTimeoutMs;
        TryRead(request, HeaderId.XEnvoyUpstreamRqPerTryTimeoutMs, ref perTryMs);
        request.Remove(HeaderId.XEnvoyUpstreamRqPerTryTimeoutMs);
        if (globalMs != 0 && perTryMs >= globalMs)
        {
            perTryMs = 0;
        }

        var timeouts = new EffectiveTimeouts(globalMs, perTryMs, route.RetryPolicy.PerTryIdleTimeoutMs, hedge);
        timeouts.TellUpstream(route, request, elapsedMs: 0, insertExpectedTimeout, isGrpc);
        return timeouts;
    }

    /// <summary>Tells the upstream of a further attempt how long it has left.</summary>
    public void TellUpstream(ForwardAction route, HeaderMap request, long elapsedMs, bool insertExpectedTimeout) =>
        TellUpstream(route, request, elapsedMs, insertExpectedTimeout, GrpcContentType.IsGrpc(request));

    private void TellUpstream(ForwardAction route, HeaderMap request, long elapsedMs, bool insertExpectedTimeout, bool isGrpc)
    {
        long expectedMs = PerTryMs == 0 || HedgeOnPerTryTimeout ? GlobalMs : PerTryMs;
        if (expectedMs <= 0)
        {
            return;
        }

        if (GlobalMs > 0)
        {
            // Out of time is one millisecond: zero would mean no limit.
            expectedMs = elapsedMs >= GlobalMs ? 1 : Math.Min(expectedMs, GlobalMs - elapsedMs);
        }

        if (insertExpectedTimeout)
        {
            request.Set(HeaderId.XEnvoyExpectedRqTimeoutMs, expectedMs);
        }

        if (isGrpc && route.Timeouts.MaxStreamDuration is null && route.Timeouts.MaxGrpcTimeoutMs is not null)
        {
            GrpcTimeout.Write(request, expectedMs);
        }
    }

    private static bool Hedges(ForwardAction route, HeaderMap request)
    {
        bool hedge = route.HedgePolicy?.HedgeOnPerTryTimeout ?? false;
        if (request.TryGet(HeaderId.XEnvoyHedgeOnPerTryTimeout, out ReadOnlySpan<byte> text))
        {
            hedge = text.SequenceEqual("true"u8) || (hedge && !text.SequenceEqual("false"u8));
            request.Remove(HeaderId.XEnvoyHedgeOnPerTryTimeout);
        }

        return hedge;
    }

    /// <summary>True when the header is there, also when it is no number and so changes nothing.</summary>
    private static bool TryRead(HeaderMap request, HeaderId id, ref long milliseconds)
    {
        if (!request.TryGet(id, out ReadOnlySpan<byte> text))
        {
            return false;
        }

        if (Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length && number >= 0)
        {
            milliseconds = number;
        }

        return true;
    }
}
