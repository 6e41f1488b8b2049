using System;

namespace Sidecar.Core.Stats;

/// <summary>A bucket of a distribution, as it is counted. Immutable; thread: any.</summary>
/// <param name="LowerBound">Its smallest value.</param>
/// <param name="Width">Up to the next bucket.</param>
/// <param name="Count">Samples in it.</param>
public readonly record struct HistogramBucket(double LowerBound, double Width, long Count);

/// <summary>What is shown of a distribution: quantiles, counts by bound, number and sum of samples. Immutable; thread: any.</summary>
public sealed class HistogramStatistics
{
    /// <summary>Percent histograms record parts of a million, so that two significant digits survive; they are shown as fractions.</summary>
    public const long PercentScale = 1_000_000;

    private static readonly double[] s_quantiles = [0, 0.25, 0.5, 0.75, 0.90, 0.95, 0.99, 0.995, 0.999, 1];

    private HistogramStatistics(double[] quantiles, long[] countsAtBounds, long sampleCount, double sampleSum)
    {
        ComputedQuantiles = quantiles;
        CountsAtBounds = countsAtBounds;
        SampleCount = sampleCount;
        SampleSum = sampleSum;
    }

    /// <summary>The quantiles that are computed, as fractions, ascending.</summary>
    public static ReadOnlySpan<double> SupportedQuantiles => s_quantiles;

    /// <summary>Their names in percent, as printed.</summary>
    public static ReadOnlySpan<string> QuantileNames => new[] { "0", "25", "50", "75", "90", "95", "99", "99.5", "99.9", "100" };

    /// <summary>A distribution without samples: its quantiles are not a number.</summary>
    public static HistogramStatistics Empty { get; } = Compute(new long[Histogram.BucketCount], 0, StatUnit.None, []);

    /// <summary>One value for each of <see cref="SupportedQuantiles"/>.</summary>
    public double[] ComputedQuantiles { get; }

    /// <summary>Samples in buckets that lie wholly at or below each bound.</summary>
    public long[] CountsAtBounds { get; }

    public long SampleCount { get; }

    public double SampleSum { get; }

    /// <summary>Computes from counts by <see cref="Histogram"/> bucket.</summary>
    /// <param name="bounds">Upper bounds for Prometheus' buckets, ascending.</param>
    public static HistogramStatistics Compute(ReadOnlySpan<long> counts, long sum, StatUnit unit, ReadOnlySpan<double> bounds)
    {
        double scale = unit == StatUnit.Percent ? 1.0 / PercentScale : 1;
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        return new HistogramStatistics(Quantiles(counts, total, scale), AtBounds(counts, bounds, scale), total, sum * scale);
    }

    /// <summary>The buckets that hold samples, by index.</summary>
    internal static (int Bucket, long Count)[] FilledBuckets(ReadOnlySpan<long> counts)
    {
        int filled = counts.Length - counts.Count(0);
        var buckets = new (int Bucket, long Count)[filled];
        int at = 0;
        for (int i = NextFilled(counts, 0); i >= 0; i = NextFilled(counts, i + 1))
        {
            buckets[at++] = (i, counts[i]);
        }

        return buckets;
    }

    /// <summary>Interpolates within the bucket in which the quantile's rank falls.</summary>
    private static double[] Quantiles(ReadOnlySpan<long> counts, long total, double scale)
    {
        var values = new double[s_quantiles.Length];
        if (total == 0)
        {
            Array.Fill(values, double.NaN);
            return values;
        }

        int bucket = NextFilled(counts, 0);
        double below = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double rank = s_quantiles[i] * total;
            while (below + counts[bucket] < rank && NextFilled(counts, bucket + 1) is var next and >= 0)
            {
                below += counts[bucket];
                bucket = next;
            }

            double within = Math.Clamp((rank - below) / counts[bucket], 0, 1);
            values[i] = (Histogram.LowerBound(bucket) + (within * Histogram.Width(bucket))) * scale;
        }

        return values;
    }

    private static long[] AtBounds(ReadOnlySpan<long> counts, ReadOnlySpan<double> bounds, double scale)
    {
        var values = new long[bounds.Length];
        long below = 0;
        int bucket = 0;
        for (int i = 0; i < bounds.Length; i++)
        {
            while (bucket < counts.Length && (Histogram.LowerBound(bucket) + Histogram.Width(bucket)) * scale <= bounds[i])
            {
                below += counts[bucket++];
            }

            values[i] = below;
        }

        return values;
    }

    private static int NextFilled(ReadOnlySpan<long> counts, int from)
    {
        int index = counts[from..].IndexOfAnyExcept(0);
        return index < 0 ? -1 : from + index;
    }
}
