using System;
using System.Numerics;
using System.Threading;

namespace Sidecar.Core.Stats;

/// <summary>
/// Log-linear buckets in base ten, two significant digits, as Envoy's: values below 100 exactly, above that 90 buckets a decade. A decade
/// costs memory once a value falls into it. Only grows; intervals are differences of merged snapshots. Thread: its owner writes, main
/// reads while merging.
/// </summary>
public sealed class Histogram
{
    /// <summary>Values up to 10^12 are told apart; larger ones share the last bucket.</summary>
    public const int BucketCount = ExactBuckets + (BucketsPerDecade * Decades);

    private const int ExactBuckets = 100;
    private const int BucketsPerDecade = 90;
    private const int Decades = 10;

    // An array, not a span over constants: unoptimised builds allocate for each access to the latter.
    private static readonly long[] s_powersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private readonly long[] _exact = new long[ExactBuckets];
    private readonly long[]?[] _decades = new long[]?[Decades];
    private long _sum;

    /// <summary>Sum of all recorded values.</summary>
    public long Sum => Volatile.Read(ref _sum);

    /// <summary>Records a value; negative ones count as 0.</summary>
    public void Record(long value)
    {
        if (value < 0)
        {
            value = 0;
        }

        _sum += value;
        if (value < ExactBuckets)
        {
            _exact[(int)value]++;
            return;
        }

        (int decade, int bucket) = Math.DivRem(BucketOf(value) - ExactBuckets, BucketsPerDecade);
        long[] counts = _decades[decade] ?? OpenDecade(decade);
        counts[bucket]++;
    }

    /// <summary>Adds the counts to those of other threads. Thread: any (main while merging).</summary>
    public void AddTo(Span<long> totals)
    {
        Add(_exact, totals);
        for (int i = 0; i < Decades; i++)
        {
            long[]? counts = Volatile.Read(ref _decades[i]);
            if (counts is not null)
            {
                Add(counts, totals[(ExactBuckets + (i * BucketsPerDecade))..]);
            }
        }
    }

    /// <summary>The bucket of a value.</summary>
    public static int BucketOf(long value)
    {
        if (value < ExactBuckets)
        {
            return value < 0 ? 0 : (int)value;
        }

        // Number of decimal digits from the number of binary ones (1233 / 4096 is log10(2)), corrected by one comparison.
        int digits = (BitOperations.Log2((ulong)value) + 1) * 1233 >> 12;
        if (value >= s_powersOfTen[digits])
        {
            digits++;
        }

        int decade = digits - 2;
        if (decade > Decades)
        {
            return BucketCount - 1;
        }

        // A 32-bit division is several times cheaper than a 64-bit one, and nearly all values fit.
        long power = s_powersOfTen[decade];
        int leading = value <= uint.MaxValue ? (int)((uint)value / (uint)power) : (int)(value / power);
        return ExactBuckets + ((decade - 1) * BucketsPerDecade) + leading - 10;
    }

    /// <summary>The smallest value that falls into a bucket.</summary>
    public static long LowerBound(int bucket)
    {
        if (bucket < ExactBuckets)
        {
            return bucket;
        }

        (int decade, int leading) = Math.DivRem(bucket - ExactBuckets, BucketsPerDecade);
        return (leading + 10) * s_powersOfTen[decade + 1];
    }

    /// <summary>
    /// How wide a bucket is: two significant digits, so a tenth for 1 to 9, and nothing for 0, whose bucket holds only zeros.
    /// </summary>
    public static double Width(int bucket) => bucket switch
    {
        0 => 0,
        < 10 => 0.1,
        < ExactBuckets => 1,
        _ => s_powersOfTen[((bucket - ExactBuckets) / BucketsPerDecade) + 1],
    };

    private static void Add(long[] counts, Span<long> totals)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            totals[i] += Volatile.Read(ref counts[i]);
        }
    }

    private long[] OpenDecade(int decade)
    {
        var counts = new long[BucketsPerDecade];
        Volatile.Write(ref _decades[decade], counts);
        return counts;
    }
}
