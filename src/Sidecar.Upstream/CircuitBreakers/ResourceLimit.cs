using System.Diagnostics;
using System.Threading;
using Sidecar.Core.Stats;

namespace Sidecar.Upstream.CircuitBreakers;

/// <summary>
/// One threshold as a worker sees it: the count is shared by all workers, the gauges are this worker's part. Thread: its worker.
/// </summary>
/// <remarks>
/// The <c>*_open</c> gauge must merge to 0 or 1 over all workers: whoever takes the last unit adds one to its own slot, whoever returns
/// it takes one off its own. The shared count orders these two, so their sum is exact.
/// </remarks>
public sealed class ResourceLimit
{
    /// <summary>At and above it a limit is as good as none, and nothing is counted.</summary>
    public const uint EffectivelyUnlimited = 1_000_000;

    private readonly SharedCounts _counts;
    private readonly Resource _resource;
    private readonly bool _isCounted;
    private readonly StatBlock _stats;
    private readonly int _openLine;
    private readonly int _remainingLine;

    /// <param name="counts">The cluster's.</param>
    /// <param name="resource">What is limited.</param>
    /// <param name="max">The threshold.</param>
    /// <param name="alwaysCount">Counts even when effectively unlimited, because something else is measured by it.</param>
    /// <param name="gauges">Where the gauges are.</param>
    internal ResourceLimit(SharedCounts counts, Resource resource, uint max, bool alwaysCount, in LimitGauges gauges)
    {
        _counts = counts;
        _resource = resource;
        _isCounted = alwaysCount || max < EffectivelyUnlimited;
        Max = max;
        _stats = gauges.Stats;
        _openLine = gauges.OpenLine;
        _remainingLine = gauges.RemainingLine;
    }

    /// <summary>Units that may be in use over all workers.</summary>
    public uint Max { get; }

    /// <summary>Units in use over all workers; 0 when nothing is counted.</summary>
    public long Count => _counts.Get(_resource);

    /// <summary>True when <see cref="TryTake"/> would succeed.</summary>
    public bool CanTake => !_isCounted || Count < Max;

    /// <summary>Takes a unit; false when all are in use.</summary>
    public bool TryTake()
    {
        if (!_isCounted)
        {
            return true;
        }

        ref long count = ref _counts.Slot(_resource);
        long seen = Volatile.Read(ref count);
        while (seen < Max)
        {
            long before = Interlocked.CompareExchange(ref count, seen + 1, seen);
            if (before == seen)
            {
                OnTaken(seen + 1);
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Takes a unit although all may be in use: what must go on for progress.</summary>
    public void TakeAnyway()
    {
        if (_isCounted)
        {
            OnTaken(Interlocked.Increment(ref _counts.Slot(_resource)));
        }
    }

    /// <summary>Gives a unit back.</summary>
    public void Return()
    {
        if (!_isCounted)
        {
            return;
        }

        long left = Interlocked.Decrement(ref _counts.Slot(_resource));
        Debug.Assert(left >= 0, "returned more often than taken");
        if (left == (long)Max - 1)
        {
            _stats.Decrement(_openLine);
        }

        if (_remainingLine != 0 && left < Max)
        {
            _stats.Increment(_remainingLine);
        }
    }

    private void OnTaken(long now)
    {
        if (now == Max)
        {
            _stats.Increment(_openLine);
        }

        if (_remainingLine != 0 && now <= Max)
        {
            _stats.Decrement(_remainingLine);
        }
    }
}

/// <summary>Lines of one resource in a block of <see cref="Stats.CircuitBreakerStats"/>.</summary>
/// <param name="Stats">The worker's block.</param>
/// <param name="OpenLine">Its <c>*_open</c> gauge.</param>
/// <param name="RemainingLine">Its <c>remaining_*</c> gauge; 0 without <c>track_remaining</c>.</param>
internal readonly record struct LimitGauges(StatBlock Stats, int OpenLine, int RemainingLine);
