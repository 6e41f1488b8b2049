using System;
using Sidecar.Core.Collections;

namespace Sidecar.Xds.Scheduling;

/// <summary>
/// Exponential back-off with jitter: each delay is random below an interval that doubles up to a maximum. Thread: main.
/// </summary>
public sealed class JitteredBackOff
{
    /// <summary>Envoy's first interval for xDS streams.</summary>
    public const long DefaultBaseMs = 500;

    /// <summary>Envoy's longest interval for xDS streams.</summary>
    public const long DefaultMaxMs = 30_000;

    private readonly long _baseMs;
    private readonly long _maxMs;
    private readonly FastRandom _random;
    private readonly bool _halfFixed;
    private long _intervalMs;

    /// <param name="baseMs">The first interval, at least 1.</param>
    /// <param name="maxMs">The longest interval.</param>
    /// <param name="random">The jitter's source.</param>
    /// <param name="halfFixed">True: a delay is at least half of its interval. False: it may be anything below it, as Envoy's.</param>
    public JitteredBackOff(long baseMs, long maxMs, FastRandom random, bool halfFixed = false)
    {
        _baseMs = Math.Max(1, baseMs);
        _maxMs = Math.Max(_baseMs, maxMs);
        _random = random;
        _halfFixed = halfFixed;
        _intervalMs = _baseMs;
    }

    /// <summary>The next delay; the interval doubles.</summary>
    public long NextMs()
    {
        long interval = _intervalMs;
        _intervalMs = Math.Min(_maxMs, interval * 2);
        long fixedMs = _halfFixed ? interval / 2 : 0;
        return fixedMs + (long)_random.NextBelow((ulong)(interval - fixedMs));
    }

    /// <summary>It worked: the next delay comes from the first interval again.</summary>
    public void Reset() => _intervalMs = _baseMs;
}
