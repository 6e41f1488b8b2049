using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Core.Stats.Rendering;

namespace Sidecar.Server.Admin.Stats;

/// <summary><c>/stats</c> as text with one of the bucket modes. Thread: main.</summary>
internal static class StatsTextBody
{
    public static void Write(IBufferWriter<byte> output, StatCatalog catalog, StatsQuery query, HistogramMode mode)
    {
        foreach (StatLine line in catalog.Values)
        {
            if (query.Includes(catalog, line))
            {
                Encoding.UTF8.GetBytes($"{line.Name}: {catalog.Value(line)}\n", output);
            }
        }

        var text = new StringBuilder();
        foreach (StatLine line in catalog.Histograms)
        {
            if (query.Includes(catalog, line))
            {
                text.Clear().Append(line.Name).Append(':');
                WriteHistogram(text, catalog, line, mode);
                Encoding.UTF8.GetBytes(text.Append('\n').ToString(), output);
            }
        }
    }

    private static void WriteHistogram(StringBuilder text, StatCatalog catalog, StatLine line, HistogramMode mode)
    {
        if (!catalog.IsUsed(line))
        {
            text.Append(" No recorded values");
        }
        else if (mode == HistogramMode.Detailed)
        {
            text.Append("\n  totals=").AppendJoin(", ", Describe(catalog.CumulativeBuckets(line)));
            text.Append("\n  intervals=").AppendJoin(", ", Describe(catalog.IntervalBuckets(line)));
            text.Append("\n  summary=").AppendJoin(' ', Quantiles(catalog, line));
        }
        else
        {
            BucketCounts counts = BucketCounts.Of(catalog, line, mode);
            for (int i = 0; i < counts.Bounds.Length; i++)
            {
                text.Append($" B{Number(counts.Bounds[i])}({counts.Interval[i]},{counts.Cumulative[i]})");
            }
        }
    }

    private static IEnumerable<string> Describe(HistogramBucket[] buckets)
    {
        foreach (HistogramBucket bucket in buckets)
        {
            yield return $"{Number(bucket.LowerBound)},{Number(bucket.Width)}:{bucket.Count}";
        }
    }

    private static IEnumerable<string> Quantiles(StatCatalog catalog, StatLine line)
    {
        double[] interval = catalog.Interval(line).ComputedQuantiles;
        double[] cumulative = catalog.Cumulative(line).ComputedQuantiles;
        for (int i = 0; i < cumulative.Length; i++)
        {
            yield return $"P{HistogramStatistics.QuantileNames[i]}({Number(interval[i])},{Number(cumulative[i])})";
        }
    }

    /// <summary>Six significant digits, as C's <c>%g</c>.</summary>
    private static string Number(double value) =>
        double.IsNaN(value) ? "nan" : value.ToString("G6", CultureInfo.InvariantCulture).Replace('E', 'e');
}
