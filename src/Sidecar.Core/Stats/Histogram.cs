using System;

namespace Sidecar.Core.Stats;

/// <summary>
/// Log-linear buckets in base ten, two significant digits, as Envoy's: values below 100 exactly, above that 90 buckets a decade.
/// Only grows; intervals are differences of merged snapshots. Thread: its owner writes, main reads while merging.
/// </summary>
public sealed class Histogram
{
    /// <summary>Values up to 10^12 are told apart; larger ones share the last bucket.</summary>
    public const int BucketCount = 100 + (90 * 10);

    private readonly long[] _buckets = new long[BucketCount];

    /// <summary>Counts by bucket; see <see cref="LowerBound"/>.</summary>
    public ReadOnlySpan<long> Buckets => _buckets;

    /// <summary>Sum of all recorded values.</summary>
    public long Sum { get; private set; }

    /// <summary>Records a value; negative ones count as 0.</summary>
    public void Record(long value)
    {
        if (value < 0)
        {
            value = 0;
        }

        _buckets[BucketOf(value)]++;
        Sum += value;
    }

    /// <summary>The bucket of a value.</summary>
    public static int BucketOf(long value)
    {
        int decade = 0;
        while (value >= 100)
        {
            value /= 10;
            decade++;
        }

        if (decade == 0)
        {
            return (int)value;
        }

        int bucket = 100 + ((decade - 1) * 90) + (int)(value - 10);
        return Math.Min(bucket, BucketCount - 1);
    }

    /// <summary>The smallest value that falls into a bucket.</summary>
    public static long LowerBound(int bucket)
    {
        if (bucket < 100)
        {
            return bucket;
        }

        int decade = ((bucket - 100) / 90) + 1;
        long value = ((bucket - 100) % 90) + 10;
        for (int i = 0; i < decade; i++)
        {
            value *= 10;
        }

        return value;
    }

    /// <summary>How wide a bucket is.</summary>
    public static long Width(int bucket) => bucket < 100 ? 1 : LowerBound(bucket) / (((bucket - 100) % 90) + 10);
}
