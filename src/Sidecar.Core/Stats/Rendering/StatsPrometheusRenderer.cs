using System;
using System.Buffers;

namespace Sidecar.Core.Stats.Rendering;

/// <summary>
/// <c>/stats/prometheus</c>: the text exposition format 0.0.4. One group a family, with its type once; counters, gauges and histograms in
/// this order, families sorted by name. Thread: main.
/// </summary>
public static class StatsPrometheusRenderer
{
    /// <summary>The response's content type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Render(StatCatalog catalog, StatsQuery query, IBufferWriter<byte> output)
    {
        var text = new Utf8Appender(output);
        foreach (StatFamily family in catalog.Families)
        {
            if (query.IncludesKind(family.Kind))
            {
                WriteFamily(text, catalog, query, family);
            }
        }
    }

    private static void WriteFamily(Utf8Appender text, StatCatalog catalog, StatsQuery query, StatFamily family)
    {
        bool isOpen = false;
        foreach (StatLine line in family.Members)
        {
            if (!query.Includes(catalog, line))
            {
                continue;
            }

            if (!isOpen)
            {
                isOpen = true;
                WriteType(text, family);
            }

            if (family.Kind == StatKind.Histogram)
            {
                WriteHistogram(text, catalog, line);
            }
            else
            {
                WriteLabelled(text, line, default);
                text.Write(catalog.Value(line));
                text.Write("\n"u8);
            }
        }

        if (isOpen)
        {
            text.Write("\n"u8);
        }
    }

    private static void WriteType(Utf8Appender text, StatFamily family)
    {
        text.Write("# TYPE "u8);
        text.Write(family.PrometheusName);
        text.Write(family.Kind switch
        {
            StatKind.Counter => " counter\n"u8,
            StatKind.Gauge => " gauge\n"u8,
            _ => " histogram\n"u8,
        });
    }

    private static void WriteHistogram(Utf8Appender text, StatCatalog catalog, StatLine line)
    {
        HistogramStatistics statistics = catalog.Cumulative(line);
        double[] bounds = catalog.Bounds(line);
        for (int i = 0; i < bounds.Length; i++)
        {
            WriteBucketStart(text, line);
            text.Write(bounds[i]);
            text.Write("\"} "u8);
            text.Write(statistics.CountsAtBounds[i]);
            text.Write("\n"u8);
        }

        WriteBucketStart(text, line);
        text.Write("+Inf\"} "u8);
        text.Write(statistics.SampleCount);
        text.Write("\n"u8);
        WriteLabelled(text, line, "_sum"u8);
        text.Write(statistics.SampleSum);
        text.Write("\n"u8);
        WriteLabelled(text, line, "_count"u8);
        text.Write(statistics.SampleCount);
        text.Write("\n"u8);
    }

    private static void WriteLabelled(Utf8Appender text, StatLine line, ReadOnlySpan<byte> suffix)
    {
        text.Write(line.Family.PrometheusName);
        text.Write(suffix);
        text.Write("{"u8);
        text.Write(line.Labels.Prometheus);
        text.Write("} "u8);
    }

    private static void WriteBucketStart(Utf8Appender text, StatLine line)
    {
        text.Write(line.Family.PrometheusName);
        text.Write("_bucket{"u8);
        text.Write(line.Labels.Prometheus);
        text.Write(line.Labels.Prometheus.IsEmpty ? "le=\""u8 : ",le=\""u8);
    }
}
