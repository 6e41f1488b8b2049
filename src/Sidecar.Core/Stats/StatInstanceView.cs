using System;

namespace Sidecar.Core.Stats;

/// <summary>What main keeps about the lines of one instance: names are split once, not at every scrape. Thread: main.</summary>
internal sealed class StatInstanceView
{
    private readonly ulong[] _used;
    private HistogramState?[]? _histograms;
    private long[]? _baseline;
    private long[]? _flushed;

    public StatInstanceView(Line[] lines)
    {
        Lines = lines;
        _used = new ulong[(lines.Length + 63) / 64];
    }

    public Line[] Lines { get; }

    public bool IsUsed(int line) => (_used[line >> 6] & (1UL << (line & 63))) != 0;

    public void MarkUsed(int line) => _used[line >> 6] |= 1UL << (line & 63);

    /// <summary>What <c>/reset_counters</c> took a counter's start to be.</summary>
    public long Baseline(int line) => _baseline?[line] ?? 0;

    public void SetBaseline(int line, long value) => (_baseline ??= new long[Lines.Length])[line] = value;

    /// <summary>Replaces the counter's value as of the last flush; returns the difference.</summary>
    public long ExchangeFlushed(int line, long value)
    {
        _flushed ??= new long[Lines.Length];
        long delta = value - _flushed[line];
        _flushed[line] = value;
        return delta;
    }

    public HistogramState? Histogram(int line) => _histograms?[line];

    public HistogramState OpenHistogram(int line) => (_histograms ??= new HistogramState?[Lines.Length])[line] ??= new HistogramState();

    /// <summary>One line's family and tags; no family when the stats matcher rejects it.</summary>
    internal readonly record struct Line(StatFamily? Family, StatLabels Labels);
}

/// <summary>A histogram as of the last flush. Thread: main.</summary>
internal sealed class HistogramState
{
    private int[] _buckets = [];
    private long[] _counts = [];
    private long _sum;

    /// <summary>The last whole interval.</summary>
    public HistogramStatistics? Interval { get; private set; }

    /// <summary>Its filled buckets, by index.</summary>
    public (int Bucket, long Count)[] IntervalBuckets { get; private set; } = [];

    /// <summary>Takes the interval as the difference to the last flush, and keeps these totals (the filled buckets only).</summary>
    /// <param name="totals">Counts by bucket; overwritten with the interval's.</param>
    public void Flush(Span<long> totals, long sum, StatUnit unit, double[] bounds)
    {
        int filled = 0;
        foreach (long count in totals)
        {
            filled += count != 0 ? 1 : 0;
        }

        int[] buckets = filled == _buckets.Length ? _buckets : new int[filled];
        long[] counts = filled == _counts.Length ? _counts : new long[filled];
        Span<long> before = stackalloc long[Stats.Histogram.BucketCount];
        for (int i = 0; i < _buckets.Length; i++)
        {
            before[_buckets[i]] = _counts[i];
        }

        int at = 0;
        for (int i = 0; i < totals.Length; i++)
        {
            if (totals[i] != 0)
            {
                buckets[at] = i;
                counts[at++] = totals[i];
            }

            totals[i] -= before[i];
        }

        Interval = HistogramStatistics.Compute(totals, sum - _sum, unit, bounds);
        IntervalBuckets = HistogramStatistics.FilledBuckets(totals);
        _buckets = buckets;
        _counts = counts;
        _sum = sum;
    }
}
