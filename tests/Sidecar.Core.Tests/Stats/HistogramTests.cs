using System;
using Sidecar.Core.Stats;

namespace Sidecar.Core.Tests.Stats;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(9, 9)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(109, 100)]
    [InlineData(110, 101)]
    [InlineData(999, 189)]
    [InlineData(1000, 190)]
    [InlineData(999_999_999_999, 999)]
    [InlineData(1_000_000_000_000, 999)]
    [InlineData(long.MaxValue, 999)]
    public void BucketOf_KeepsTwoSignificantDigits(long value, int bucket) => Assert.Equal(bucket, Histogram.BucketOf(value));

    [Fact]
    public void BucketOf_EveryBound_IsTheFirstValueOfItsBucket()
    {
        for (int bucket = 1; bucket < Histogram.BucketCount; bucket++)
        {
            long bound = Histogram.LowerBound(bucket);
            Assert.Equal((bucket - 1, bucket), (Histogram.BucketOf(bound - 1), Histogram.BucketOf(bound)));
        }
    }

    [Fact]
    public void BucketOf_RandomValues_LieWithinTheirBucket()
    {
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            long value = random.NextInt64(1L << random.Next(1, 39));
            int bucket = Histogram.BucketOf(value);
            Assert.InRange(value, Histogram.LowerBound(bucket), Histogram.LowerBound(bucket) + Math.Max(0, Math.Ceiling(Histogram.Width(bucket)) - 1));
        }
    }

    [Fact]
    public void Record_InSteadyState_AllocatesNothing()
    {
        var histogram = new Histogram();
        histogram.Record(5_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            histogram.Record(1_000 + i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Quantiles_OfOneSample_SpanItsBucket()
    {
        HistogramStatistics statistics = Compute(1);
        Assert.Equal(1.0, statistics.ComputedQuantiles[0]);
        Assert.Equal(1.05, statistics.ComputedQuantiles[2], 9);
        Assert.Equal(1.1, statistics.ComputedQuantiles[9], 9);
    }

    [Fact]
    public void Quantiles_OfNothing_AreNotANumber() => Assert.All(HistogramStatistics.Empty.ComputedQuantiles, q => Assert.True(double.IsNaN(q)));

    [Fact]
    public void Quantiles_AgreeWithExactOnesWithinABucket()
    {
        var random = new Random(3);
        var samples = new long[20_000];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (long)Math.Exp(random.NextDouble() * 14);
        }

        HistogramStatistics statistics = Compute(samples);
        Array.Sort(samples);

        for (int i = 0; i < HistogramStatistics.SupportedQuantiles.Length; i++)
        {
            double exact = samples[Math.Max(0, (int)Math.Ceiling(HistogramStatistics.SupportedQuantiles[i] * samples.Length) - 1)];
            Assert.InRange(statistics.ComputedQuantiles[i], (exact * 0.9) - 1, (exact * 1.1) + 1);
        }
    }

    [Fact]
    public void CountsAtBounds_HoldTheBucketsBelow()
    {
        HistogramStatistics statistics = Compute(0, 1, 3, 30, 700, 10_000_000);
        double[] bounds = [0.5, 1, 5, 50, 1000, 3_600_000];
        Assert.Equal([1L, 1, 3, 4, 5, 5], statistics.CountsAtBounds);
        Assert.Equal(bounds.Length, statistics.CountsAtBounds.Length);
        Assert.Equal((6, 10_000_734), (statistics.SampleCount, (long)statistics.SampleSum));
    }

    [Fact]
    public void Percent_IsShownAsAFraction()
    {
        var counts = new long[Histogram.BucketCount];
        counts[Histogram.BucketOf(HistogramStatistics.PercentScale / 2)]++;
        HistogramStatistics statistics = HistogramStatistics.Compute(counts, HistogramStatistics.PercentScale / 2, StatUnit.Percent, []);
        Assert.Equal((0.5, 0.5), (statistics.ComputedQuantiles[0], statistics.SampleSum));
    }

    private static HistogramStatistics Compute(params long[] samples)
    {
        var histogram = new Histogram();
        foreach (long sample in samples)
        {
            histogram.Record(sample);
        }

        var counts = new long[Histogram.BucketCount];
        histogram.AddTo(counts);
        return HistogramStatistics.Compute(counts, histogram.Sum, StatUnit.None, [0.5, 1, 5, 50, 1000, 3_600_000]);
    }
}
