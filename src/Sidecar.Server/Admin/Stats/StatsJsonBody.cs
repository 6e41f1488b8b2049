using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sidecar.Core.Stats;
using Sidecar.Core.Stats.Rendering;

namespace Sidecar.Server.Admin.Stats;

/// <summary><c>/stats?format=json</c> with one of the bucket modes. Thread: main.</summary>
internal static class StatsJsonBody
{
    public static void Write(IBufferWriter<byte> output, StatCatalog catalog, StatsQuery query, HistogramMode mode)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartArray("stats");
        foreach (StatLine line in catalog.Values)
        {
            if (query.Includes(catalog, line))
            {
                json.WriteStartObject();
                json.WriteString("name", line.Name);
                json.WriteNumber("value", catalog.Value(line));
                json.WriteEndObject();
            }
        }

        WriteHistograms(json, catalog, query, mode);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteHistograms(Utf8JsonWriter json, StatCatalog catalog, StatsQuery query, HistogramMode mode)
    {
        bool isOpen = false;
        foreach (StatLine line in catalog.Histograms)
        {
            if (!query.Includes(catalog, line))
            {
                continue;
            }

            if (!isOpen)
            {
                isOpen = true;
                Open(json, mode);
            }

            json.WriteStartObject();
            json.WriteString("name", line.Name);
            if (mode == HistogramMode.Detailed)
            {
                WriteDetails(json, catalog, line);
            }
            else
            {
                WriteBuckets(json, BucketCounts.Of(catalog, line, mode));
            }

            json.WriteEndObject();
        }

        if (isOpen)
        {
            json.WriteEndArray();
            if (mode == HistogramMode.Detailed)
            {
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }

    private static void Open(Utf8JsonWriter json, HistogramMode mode)
    {
        json.WriteStartObject();
        if (mode != HistogramMode.Detailed)
        {
            json.WriteStartArray("histograms");
            return;
        }

        json.WriteStartObject("histograms");
        json.WriteStartArray("supported_percentiles");
        foreach (string name in HistogramStatistics.QuantileNames)
        {
            json.WriteRawValue(name);
        }

        json.WriteEndArray();
        json.WriteStartArray("details");
    }

    private static void WriteBuckets(Utf8JsonWriter json, BucketCounts counts)
    {
        json.WriteStartArray("buckets");
        for (int i = 0; i < counts.Bounds.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("upper_bound", counts.Bounds[i]);
            json.WriteNumber("interval", counts.Interval[i]);
            json.WriteNumber("cumulative", counts.Cumulative[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDetails(Utf8JsonWriter json, StatCatalog catalog, StatLine line)
    {
        WriteDetail(json, "totals", catalog.CumulativeBuckets(line));
        WriteDetail(json, "intervals", catalog.IntervalBuckets(line));
        double[] interval = catalog.Interval(line).ComputedQuantiles;
        double[] cumulative = catalog.Cumulative(line).ComputedQuantiles;
        json.WriteStartArray("percentiles");
        for (int i = 0; i < cumulative.Length; i++)
        {
            json.WriteStartObject();
            WriteNumberOrNull(json, "cumulative", cumulative[i]);
            WriteNumberOrNull(json, "interval", interval[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter json, string name, ReadOnlySpan<HistogramBucket> buckets)
    {
        json.WriteStartArray(name);
        foreach (HistogramBucket bucket in buckets)
        {
            json.WriteStartObject();
            json.WriteNumber("lower_bound", bucket.LowerBound);
            json.WriteNumber("width", bucket.Width);
            json.WriteNumber("count", bucket.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsNaN(value))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, value);
        }
    }
}
