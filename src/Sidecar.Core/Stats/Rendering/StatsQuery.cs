using System;
using System.Text.RegularExpressions;

namespace Sidecar.Core.Stats.Rendering;

/// <summary>The admin's <c>type=</c>.</summary>
public enum StatsTypeFilter : byte
{
    All = 0,
    Counters,
    Gauges,
    Histograms,
    TextReadouts,
}

/// <summary>Which stats a request wants to see. Immutable; thread: any.</summary>
public sealed class StatsQuery
{
    private readonly Regex? _filter;

    private StatsQuery(bool usedOnly, StatsTypeFilter type, Regex? filter)
    {
        UsedOnly = usedOnly;
        Type = type;
        _filter = filter;
    }

    /// <summary>Everything that is listed.</summary>
    public static StatsQuery All { get; } = new(usedOnly: false, StatsTypeFilter.All, filter: null);

    public bool UsedOnly { get; }

    public StatsTypeFilter Type { get; }

    /// <summary>
    /// From the admin's parameters; false with the reason for an invalid one. The filter is a regex searched for in full names.
    /// </summary>
    public static bool TryCreate(bool usedOnly, string? filter, string? type, out StatsQuery query, out string? error)
    {
        query = All;
        if (!TryParseType(type, out StatsTypeFilter typeFilter))
        {
            error = "invalid &type= param";
            return false;
        }

        try
        {
            Regex? regex = string.IsNullOrEmpty(filter)
                ? null
                : new Regex(filter, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            query = new StatsQuery(usedOnly, typeFilter, regex);
            error = null;
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"Invalid re2 regex: {e.Message}";
            return false;
        }
    }

    /// <summary>Whether the request wants to see a line.</summary>
    public bool Includes(StatCatalog catalog, StatLine line) =>
        IncludesKind(line.Kind) && catalog.IsListed(line, UsedOnly) && (_filter is null || MatchesName(line));

    internal bool IncludesKind(StatKind kind) => Type switch
    {
        StatsTypeFilter.All => true,
        StatsTypeFilter.Counters => kind == StatKind.Counter,
        StatsTypeFilter.Gauges => kind == StatKind.Gauge,
        StatsTypeFilter.Histograms => kind == StatKind.Histogram,
        _ => false,
    };

    private static bool TryParseType(string? type, out StatsTypeFilter filter)
    {
        if (string.IsNullOrEmpty(type))
        {
            filter = StatsTypeFilter.All;
            return true;
        }

        return Enum.TryParse(type, out filter) && Enum.IsDefined(filter) && !char.IsAsciiDigit(type[0]);
    }

    private bool MatchesName(StatLine line)
    {
        int length = line.NameLength;
        Span<char> name = length <= 512 ? stackalloc char[512] : new char[length];
        line.CopyName(name);
        return _filter!.IsMatch(name[..length]);
    }
}
