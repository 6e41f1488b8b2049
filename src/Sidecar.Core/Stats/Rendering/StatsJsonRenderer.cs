using System;
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidecar.Core.Stats.Rendering;

/// <summary>
/// <c>/stats?format=json</c>: <c>{"stats":[{"name":..,"value":..},..,{"histograms":{"supported_quantiles":[..],"computed_quantiles":[..]}}]}</c>.
/// Thread: main.
/// </summary>
public static class StatsJsonRenderer
{
    private static readonly JsonEncodedText s_name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText s_value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText s_values = JsonEncodedText.Encode("values");
    private static readonly JsonEncodedText s_cumulative = JsonEncodedText.Encode("cumulative");
    private static readonly JsonEncodedText s_interval = JsonEncodedText.Encode("interval");

    public static void Render(StatCatalog catalog, StatsQuery query, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteStartArray("stats");
        foreach (StatLine line in catalog.Values)
        {
            if (query.Includes(catalog, line))
            {
                json.WriteStartObject();
                WriteName(json, line);
                json.WriteNumber(s_value, catalog.Value(line));
                json.WriteEndObject();
            }
        }

        WriteHistograms(json, catalog, query);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One object for all histograms; left out when there is none, as in Envoy.</summary>
    private static void WriteHistograms(Utf8JsonWriter json, StatCatalog catalog, StatsQuery query)
    {
        bool any = false;
        foreach (StatLine line in catalog.Histograms)
        {
            if (!query.Includes(catalog, line))
            {
                continue;
            }

            if (!any)
            {
                any = true;
                WriteHistogramStart(json);
            }

            WriteHistogram(json, catalog, line);
        }

        if (any)
        {
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteHistogramStart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("histograms");
        json.WriteStartArray("supported_quantiles");
        foreach (string name in HistogramStatistics.QuantileNames)
        {
            json.WriteRawValue(name);
        }

        json.WriteEndArray();
        json.WriteStartArray("computed_quantiles");
    }

    private static void WriteHistogram(Utf8JsonWriter json, StatCatalog catalog, StatLine line)
    {
        double[] interval = catalog.Interval(line).ComputedQuantiles;
        double[] cumulative = catalog.Cumulative(line).ComputedQuantiles;
        json.WriteStartObject();
        WriteName(json, line);
        json.WriteStartArray(s_values);
        for (int i = 0; i < cumulative.Length; i++)
        {
            json.WriteStartObject();
            WriteNumberOrNull(json, s_cumulative, cumulative[i]);
            WriteNumberOrNull(json, s_interval, interval[i]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, StatLine line)
    {
        int length = line.NameLength;
        Span<char> name = length <= 512 ? stackalloc char[512] : new char[length];
        line.CopyName(name);
        json.WriteString(s_name, name[..length]);
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, JsonEncodedText name, double value)
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
