using System;
using System.Buffers;

namespace Sidecar.Core.Stats.Rendering;

/// <summary><c>/stats</c> as text: <c>name: value</c>, counters and gauges first, then histograms, each sorted by name. Thread: main.</summary>
public static class StatsTextRenderer
{
    public static void Render(StatCatalog catalog, StatsQuery query, IBufferWriter<byte> output)
    {
        var text = new Utf8Appender(output);
        foreach (StatLine line in catalog.Values)
        {
            if (query.Includes(catalog, line))
            {
                WriteName(text, line);
                text.Write(catalog.Value(line));
                text.Write("\n"u8);
            }
        }

        foreach (StatLine line in catalog.Histograms)
        {
            if (query.Includes(catalog, line))
            {
                WriteName(text, line);
                WriteQuantiles(text, catalog, line);
                text.Write("\n"u8);
            }
        }
    }

    private static void WriteName(Utf8Appender text, StatLine line)
    {
        text.Write(line.Instance.Scope);
        text.Write(line.Definition.Name);
        text.Write(": "u8);
    }

    /// <summary>Each quantile as (interval, cumulative).</summary>
    private static void WriteQuantiles(Utf8Appender text, StatCatalog catalog, StatLine line)
    {
        if (!catalog.IsUsed(line))
        {
            text.Write("No recorded values"u8);
            return;
        }

        double[] interval = catalog.Interval(line).ComputedQuantiles;
        double[] cumulative = catalog.Cumulative(line).ComputedQuantiles;
        ReadOnlySpan<string> names = HistogramStatistics.QuantileNames;
        for (int i = 0; i < names.Length; i++)
        {
            text.Write(i == 0 ? "P"u8 : " P"u8);
            text.Write(names[i]);
            text.Write("("u8);
            text.Write(interval[i]);
            text.Write(","u8);
            text.Write(cumulative[i]);
            text.Write(")"u8);
        }
    }
}
