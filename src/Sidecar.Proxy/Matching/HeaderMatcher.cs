using System;
using System.Buffers.Text;
using System.Collections.Generic;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.Matching;

/// <summary>How a <see cref="HeaderMatcherConfig"/> compares.</summary>
public enum HeaderMatchKind : byte
{
    /// <summary>The header is there (or, with <see cref="HeaderMatcherConfig.Present"/> false, is not).</summary>
    Present = 0,

    /// <summary><c>string_match</c> and the older <c>exact_match</c>, <c>prefix_match</c>, ... which are the same thing.</summary>
    String,

    /// <summary><c>range_match</c>: a decimal number in a half-open range.</summary>
    Range,
}

/// <summary>Envoy's <c>HeaderMatcher</c>.</summary>
public sealed record HeaderMatcherConfig
{
    public required string Name { get; init; }

    public HeaderMatchKind Kind { get; init; }

    public StringMatcherConfig? StringMatch { get; init; }

    public long RangeStart { get; init; }

    /// <summary>Excluded.</summary>
    public long RangeEnd { get; init; }

    /// <summary><c>present_match</c>.</summary>
    public bool Present { get; init; } = true;

    public bool InvertMatch { get; init; }

    public bool TreatMissingHeaderAsEmpty { get; init; }
}

/// <summary>A compiled header matcher. Immutable; thread: any.</summary>
public sealed class HeaderMatcher
{
    private readonly HeaderName _name;
    private readonly HeaderMatchKind _kind;
    private readonly StringMatcher? _string;
    private readonly long _rangeStart;
    private readonly long _rangeEnd;
    private readonly bool _present;
    private readonly bool _invert;
    private readonly bool _missingIsEmpty;

    /// <exception cref="Regex.RegexSyntaxException">The regex is malformed.</exception>
    public HeaderMatcher(HeaderMatcherConfig config)
    {
        _name = new HeaderName(config.Name);
        _kind = config.Kind;
        _string = config.Kind == HeaderMatchKind.String ? new StringMatcher(config.StringMatch!) : null;
        _rangeStart = config.RangeStart;
        _rangeEnd = config.RangeEnd;
        _present = config.Present;
        _invert = config.InvertMatch;
        _missingIsEmpty = config.TreatMissingHeaderAsEmpty;
    }

    public static HeaderMatcher[] Compile(IReadOnlyList<HeaderMatcherConfig> configs)
    {
        var matchers = new HeaderMatcher[configs.Count];
        for (int i = 0; i < matchers.Length; i++)
        {
            matchers[i] = new HeaderMatcher(configs[i]);
        }

        return matchers;
    }

    /// <summary>Whether every one of several matchers matches.</summary>
    public static bool AllMatch(HeaderMatcher[] matchers, HeaderMap headers)
    {
        foreach (HeaderMatcher matcher in matchers)
        {
            if (!matcher.IsMatch(headers))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// A header that is missing fails every comparison, inverted ones too, unless it counts as empty. Several values are compared as
    /// one, joined by commas.
    /// </summary>
    public bool IsMatch(HeaderMap headers)
    {
        if (_kind == HeaderMatchKind.Present)
        {
            bool isPresent = _missingIsEmpty || _name.IsPresent(headers);
            return (isPresent == _present) != _invert;
        }

        if (!_name.TryGetAll(headers, out ReadOnlySpan<byte> value) && !_missingIsEmpty)
        {
            return false;
        }

        bool matches = _kind == HeaderMatchKind.String ? _string!.IsMatch(value) : IsInRange(value);
        return matches != _invert;
    }

    private bool IsInRange(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length && number >= _rangeStart && number < _rangeEnd;
}
