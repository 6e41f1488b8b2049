using System;
using System.Buffers.Text;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>What becomes of a failed attempt.</summary>
public enum RetryDecision : byte
{
    /// <summary>Nothing says that it should be retried.</summary>
    No = 0,

    /// <summary>Try again after the back-off.</summary>
    Yes,

    /// <summary>It should be, but the attempts are used up (flag URX).</summary>
    NoRetryLimitExceeded,
}

/// <summary>
/// Decides about retries of one request: the route's policy and the request's <c>x-envoy-retry</c> headers. Pure: budgets of the
/// cluster and timers are the router's. Kept in the pooled router filter; <see cref="Begin"/> starts a request. Thread: the worker.
/// </summary>
public sealed class RetryState
{
    private const int MaxHeaderStatusCodes = 16;
    private const int MaxHeaderNames = 8;

    private readonly int[] _headerStatusCodes = new int[MaxHeaderStatusCodes];
    private readonly byte[] _headerNames = new byte[512];
    private RetryPolicyModel _policy = RetryPolicyModel.None;
    private RetryOn _retryOn;
    private uint _remaining;
    private long _nextIntervalMs;
    private long _resetWaitMs;
    private int _headerStatusCodeCount;
    private int _headerNamesLength;

    /// <summary>False when no outcome could lead to a retry: the body need not be kept.</summary>
    public bool IsEnabled => _retryOn != RetryOn.None;

    public uint RetriesRemaining => _remaining;

    public RetryPolicyModel Policy => _policy;

    /// <summary>Starts a request: merges the policy and the headers, and takes the headers out of the request.</summary>
    public void Begin(RetryPolicyModel policy, HeaderMap request)
    {
        _policy = policy;
        _retryOn = policy.RetryOn;
        _remaining = policy.NumRetries;
        _nextIntervalMs = policy.BaseIntervalMs;
        _resetWaitMs = 0;
        _headerStatusCodeCount = 0;
        _headerNamesLength = 0;
        _retryOn |= RetryOnText.Parse(request.Get(HeaderId.XEnvoyRetryOn), out _);
        _retryOn |= RetryOnText.Parse(request.Get(HeaderId.XEnvoyRetryGrpcOn), out _);
        if (_retryOn != RetryOn.None)
        {
            ReadHeaders(request);
        }

        request.Remove(HeaderId.XEnvoyRetryOn);
        request.Remove(HeaderId.XEnvoyRetryGrpcOn);
        request.Remove(HeaderId.XEnvoyMaxRetries);
        request.Remove(HeaderId.XEnvoyRetriableHeaderNames);
        request.Remove(HeaderId.XEnvoyRetriableStatusCodes);
    }

    /// <summary>A response's head has arrived.</summary>
    /// <param name="response">The head.</param>
    /// <param name="nowUnixSeconds">For headers that name a time.</param>
    public RetryDecision ShouldRetryHeaders(HeaderMap response, long nowUnixSeconds)
    {
        if (!WouldRetry(response))
        {
            return RetryDecision.No;
        }

        _resetWaitMs = 0;
        foreach (ResetHeader header in _policy.ResetHeaders)
        {
            if (header.TryRead(response, nowUnixSeconds, out long waitMs))
            {
                _resetWaitMs = Math.Min(waitMs, _policy.ResetMaxIntervalMs);
                break;
            }
        }

        return Take();
    }

    /// <summary>The attempt was reset before its response came, or never had a connection.</summary>
    public RetryDecision ShouldRetryReset(StreamResetReason reason, bool requestSent) => WouldRetry(reason, requestSent) ? Take() : RetryDecision.No;

    /// <summary>The attempt's own timeout: like a reset.</summary>
    public RetryDecision ShouldRetryPerTryTimeout() => ShouldRetryReset(StreamResetReason.LocalReset, requestSent: true);

    /// <summary>A further attempt beside the running one.</summary>
    public RetryDecision ShouldHedge() => Take();

    /// <summary>
    /// How long to wait before the next attempt: as long as the upstream asked for, else a random part of an interval that doubles with
    /// each attempt up to the maximum.
    /// </summary>
    public long NextBackOffMs(ulong random)
    {
        if (_resetWaitMs > 0)
        {
            // Half as much again at most, so that those who were sent away together do not come back together.
            return _resetWaitMs + (long)(random % (ulong)((_resetWaitMs / 2) + 1));
        }

        long interval = _nextIntervalMs;
        _nextIntervalMs = interval < _policy.MaxIntervalMs / 2 ? interval * 2 : _policy.MaxIntervalMs;
        return (long)(random % (ulong)interval);
    }

    private RetryDecision Take()
    {
        if (_remaining == 0)
        {
            return RetryDecision.NoRetryLimitExceeded;
        }

        _remaining--;
        return RetryDecision.Yes;
    }

    private bool WouldRetry(HeaderMap response)
    {
        if (_retryOn == RetryOn.None || response.Has(HeaderId.XEnvoyOverloaded))
        {
            return false;
        }

        if (response.Has(HeaderId.XEnvoyRateLimited))
        {
            return Has(RetryOn.EnvoyRateLimited);
        }

        int status = response.Status;
        return (Has(RetryOn.FiveXx) && status is >= 500 and < 600)
            || (Has(RetryOn.GatewayError) && status is 502 or 503 or 504)
            || (Has(RetryOn.Retriable4xx) && status == 409)
            || (Has(RetryOn.RetriableStatusCodes) && IsRetriableStatus(status))
            || (Has(RetryOn.RetriableHeaders) && HasRetriableHeader(response))
            || (Has(RetryOn.AnyGrpc) && IsRetriableGrpc(response));
    }

    private bool WouldRetry(StreamResetReason reason, bool requestSent)
    {
        switch (reason)
        {
            case StreamResetReason.Overflow or StreamResetReason.OverloadManager:
                return false;
            case StreamResetReason.RemoteRefusedStreamReset when Has(RetryOn.RefusedStream):
            case StreamResetReason.ConnectionFailure or StreamResetReason.ConnectionTimeout when Has(RetryOn.ConnectFailure):
                return true;
            default:
                // A reset becomes a 503 or 504 of ours: conditions on those cover it.
                return Has(RetryOn.FiveXx | RetryOn.GatewayError | RetryOn.Reset) || (Has(RetryOn.ResetBeforeRequest) && !requestSent);
        }
    }

    private bool Has(RetryOn conditions) => (_retryOn & conditions) != 0;

    private bool IsRetriableStatus(int status) => _policy.RetriableStatusCodes.AsSpan().Contains(status)
        || _headerStatusCodes.AsSpan(0, _headerStatusCodeCount).Contains(status);

    private bool HasRetriableHeader(HeaderMap response)
    {
        foreach (HeaderMatcher matcher in _policy.RetriableHeaders)
        {
            if (matcher.IsMatch(response))
            {
                return true;
            }
        }

        ReadOnlySpan<byte> names = _headerNames.AsSpan(0, _headerNamesLength);
        while (TakeWord(ref names, out ReadOnlySpan<byte> name))
        {
            if (!name.IsEmpty && response.IndexOf(name, -1) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRetriableGrpc(HeaderMap response)
    {
        ReadOnlySpan<byte> text = response.Get(HeaderId.GrpcStatus);
        if (!Utf8Parser.TryParse(text, out int status, out int used) || used != text.Length)
        {
            return false;
        }

        return status switch
        {
            1 => Has(RetryOn.GrpcCancelled),
            4 => Has(RetryOn.GrpcDeadlineExceeded),
            8 => Has(RetryOn.GrpcResourceExhausted),
            13 => Has(RetryOn.GrpcInternal),
            14 => Has(RetryOn.GrpcUnavailable),
            _ => false,
        };
    }

    private void ReadHeaders(HeaderMap request)
    {
        if (_policy.RetriableRequestHeaders.Length > 0 && !AnyMatches(_policy.RetriableRequestHeaders, request))
        {
            _retryOn = RetryOn.None;
            return;
        }

        ReadOnlySpan<byte> maximum = request.Get(HeaderId.XEnvoyMaxRetries);
        if (Utf8Parser.TryParse(maximum, out uint retries, out int used) && used == maximum.Length)
        {
            _remaining = retries;
        }

        ReadOnlySpan<byte> codes = request.Get(HeaderId.XEnvoyRetriableStatusCodes);
        while (_headerStatusCodeCount < MaxHeaderStatusCodes && TakeWord(ref codes, out ReadOnlySpan<byte> code))
        {
            if (Utf8Parser.TryParse(code, out int status, out used) && used == code.Length)
            {
                _headerStatusCodes[_headerStatusCodeCount++] = status;
            }
        }

        ReadOnlySpan<byte> names = request.Get(HeaderId.XEnvoyRetriableHeaderNames);
        if (names.Length <= _headerNames.Length && names.Count((byte)',') < MaxHeaderNames)
        {
            AsciiText.ToLower(names, _headerNames);
            _headerNamesLength = names.Length;
        }
    }

    private static bool AnyMatches(HeaderMatcher[] matchers, HeaderMap headers)
    {
        foreach (HeaderMatcher matcher in matchers)
        {
            if (matcher.IsMatch(headers))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TakeWord(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> word)
    {
        if (list.IsEmpty)
        {
            word = default;
            return false;
        }

        int comma = list.IndexOf((byte)',');
        word = (comma < 0 ? list : list[..comma]).Trim((byte)' ');
        list = comma < 0 ? default : list[(comma + 1)..];
        return true;
    }
}
