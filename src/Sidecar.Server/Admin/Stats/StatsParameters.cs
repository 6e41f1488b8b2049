using Sidecar.Core.Stats.Rendering;

namespace Sidecar.Server.Admin.Stats;

/// <summary>The output that <c>/stats</c> is asked for.</summary>
public enum StatsFormat : byte
{
    Text = 0,
    Json,
    Prometheus,
    Html,
}

/// <summary>The parameters of <c>/stats</c>, checked. Immutable.</summary>
/// <param name="Query">Which stats.</param>
/// <param name="Format">In which form.</param>
/// <param name="Histograms">How histograms are shown.</param>
public sealed record StatsParameters(StatsQuery Query, StatsFormat Format, HistogramMode Histograms)
{
    /// <summary>A longer filter is refused.</summary>
    public const int MaxFilterChars = 4096;

    /// <summary>Null, with the text of a 400, when a parameter has no such value.</summary>
    public static StatsParameters? TryParse(AdminQuery query, out string error)
    {
        error = string.Empty;
        string? filter = query["filter"];
        if (filter?.Length > MaxFilterChars)
        {
            error = $"Invalid re2 regex: longer than {MaxFilterChars} characters";
            return null;
        }

        string? type = query.NonEmpty("type") is "All" ? null : query["type"];
        if (!StatsQuery.TryCreate(query.Has("usedonly"), filter, type, out StatsQuery stats, out string? reason))
        {
            error = reason!;
            return null;
        }

        if (ParseHistograms(query.NonEmpty("histogram_buckets")) is not { } histograms)
        {
            error = "usage: /stats?histogram_buckets=(cumulative|disjoint|detailed|summary|none)\n";
            return null;
        }

        if (ParseFormat(query.NonEmpty("format")) is not { } format)
        {
            error = "usage: /stats?format=(html|json|prometheus|text)\n\n";
            return null;
        }

        return new StatsParameters(stats, format, histograms);
    }

    private static HistogramMode? ParseHistograms(string? mode) => mode switch
    {
        null or "none" or "summary" => HistogramMode.Quantiles,
        "cumulative" => HistogramMode.Cumulative,
        "disjoint" => HistogramMode.Disjoint,
        "detailed" => HistogramMode.Detailed,
        _ => null,
    };

    private static StatsFormat? ParseFormat(string? format) => format switch
    {
        null or "text" => StatsFormat.Text,
        "json" => StatsFormat.Json,
        "prometheus" => StatsFormat.Prometheus,
        "html" or "active-html" => StatsFormat.Html,
        _ => null,
    };
}
