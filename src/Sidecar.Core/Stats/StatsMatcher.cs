using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Sidecar.Core.Stats;

/// <summary>
/// Which stats exist (<c>stats_config.stats_matcher</c>): all, none, all but those that match, or only those that match. A rejected stat
/// is never shown nor sent. Immutable; thread: any.
/// </summary>
public sealed class StatsMatcher
{
    private readonly Pattern[] _patterns;
    private readonly bool _rejectsMatches;

    private StatsMatcher(Pattern[] patterns, bool rejectsMatches)
    {
        _patterns = patterns;
        _rejectsMatches = rejectsMatches;
    }

    /// <summary>How a <see cref="Pattern"/> compares.</summary>
    public enum MatchKind : byte
    {
        Exact = 0,
        Prefix,
        Suffix,
        Contains,

        /// <summary>RE2 syntax, the whole name, in linear time.</summary>
        SafeRegex,
    }

    /// <summary>Every stat exists.</summary>
    public static StatsMatcher AcceptAll { get; } = new([], rejectsMatches: true);

    /// <summary><c>reject_all: true</c>.</summary>
    public static StatsMatcher RejectAll { get; } = new([], rejectsMatches: false);

    /// <summary><c>exclusion_list</c>.</summary>
    public static StatsMatcher Exclude(IReadOnlyList<Pattern> patterns) => new([.. patterns], rejectsMatches: true);

    /// <summary><c>inclusion_list</c>.</summary>
    public static StatsMatcher Include(IReadOnlyList<Pattern> patterns) => new([.. patterns], rejectsMatches: false);

    /// <summary>True when a stat of this name does not exist.</summary>
    public bool Rejects(ReadOnlySpan<char> name)
    {
        foreach (Pattern pattern in _patterns)
        {
            if (pattern.IsMatch(name))
            {
                return _rejectsMatches;
            }
        }

        return !_rejectsMatches;
    }

    /// <summary>One of the API's string matchers, over a stat's full name.</summary>
    public sealed class Pattern
    {
        private readonly MatchKind _kind;
        private readonly string _value;
        private readonly StringComparison _comparison;
        private readonly Regex? _regex;

        /// <summary>Throws <see cref="ArgumentException"/> for an invalid regex.</summary>
        /// <param name="ignoreCase">Of no effect on a regex, as in Envoy.</param>
        public Pattern(MatchKind kind, string value, bool ignoreCase = false)
        {
            _kind = kind;
            _value = value;
            _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            if (kind == MatchKind.SafeRegex)
            {
                _regex = new Regex($"^(?:{value})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            }
        }

        public bool IsMatch(ReadOnlySpan<char> name) => _kind switch
        {
            MatchKind.Exact => name.Equals(_value, _comparison),
            MatchKind.Prefix => name.StartsWith(_value, _comparison),
            MatchKind.Suffix => name.EndsWith(_value, _comparison),
            MatchKind.Contains => name.Contains(_value, _comparison),
            _ => _regex!.IsMatch(name),
        };
    }
}
