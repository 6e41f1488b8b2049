using Sidecar.Core.Stats;

namespace Sidecar.Server.Admin.Stats;

/// <summary>The counts of a histogram at the configured bounds. Thread: main.</summary>
/// <param name="Bounds">Upper bounds.</param>
/// <param name="Interval">Counts of the last whole interval.</param>
/// <param name="Cumulative">Counts since the start.</param>
internal readonly record struct BucketCounts(double[] Bounds, long[] Interval, long[] Cumulative)
{
    public static BucketCounts Of(StatCatalog catalog, StatLine line, HistogramMode mode)
    {
        double[] bounds = catalog.Bounds(line);
        long[] interval = catalog.Interval(line).CountsAtBounds;
        long[] cumulative = catalog.Cumulative(line).CountsAtBounds;
        // Before the first interval has ended there are no counts at all.
        interval = interval.Length == bounds.Length ? interval : new long[bounds.Length];
        return mode == HistogramMode.Disjoint
            ? new BucketCounts(bounds, Differences(interval), Differences(cumulative))
            : new BucketCounts(bounds, interval, cumulative);
    }

    private static long[] Differences(long[] counts)
    {
        var differences = new long[counts.Length];
        for (int i = 0; i < counts.Length; i++)
        {
            differences[i] = counts[i] - (i > 0 ? counts[i - 1] : 0);
        }

        return differences;
    }
}
