using System;

namespace Sidecar.Xds.Scheduling;

/// <summary>A token bucket on the dispatcher's clock, for <c>rate_limit_settings</c>. Thread: main.</summary>
internal sealed class TokenBucket
{
    private const double NsPerSecond = 1e9;

    private readonly double _max;
    private readonly double _fillPerSecond;
    private double _tokens;
    private long _filledNs;

    public TokenBucket(double maxTokens, double fillPerSecond, long nowNs)
    {
        _max = maxTokens;
        _fillPerSecond = fillPerSecond;
        _tokens = maxTokens;
        _filledNs = nowNs;
    }

    /// <summary>Takes one token if there is one.</summary>
    public bool TryTake(long nowNs)
    {
        Fill(nowNs);
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>How long until a token is there, rounded up.</summary>
    public long MsUntilNext(long nowNs)
    {
        Fill(nowNs);
        return _tokens >= 1 ? 0 : (long)Math.Ceiling((1 - _tokens) / _fillPerSecond * 1000);
    }

    private void Fill(long nowNs)
    {
        _tokens = Math.Min(_max, _tokens + ((nowNs - _filledNs) / NsPerSecond * _fillPerSecond));
        _filledNs = nowNs;
    }
}
