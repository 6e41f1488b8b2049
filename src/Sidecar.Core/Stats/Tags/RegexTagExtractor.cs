using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Sidecar.Core.Stats.Tags;

/// <summary>A tag found by a regex with one or two groups, in linear time.</summary>
internal sealed class RegexTagExtractor : TagExtractor
{
    private readonly Regex _regex;
    private readonly string _required;
    private readonly string _rejectedValue;

    /// <summary>Throws <see cref="ArgumentException"/> for an invalid regex.</summary>
    /// <param name="required">Text that each matching name holds, checked first; may be empty.</param>
    /// <param name="rejectedValue">A value that is not a match; may be empty.</param>
    public RegexTagExtractor(string tagName, string pattern, string required = "", string rejectedValue = "")
        : base(tagName, FirstWord(pattern))
    {
        _regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        _required = required;
        _rejectedValue = rejectedValue;
    }

    public override bool TryExtract(string name, List<NameCut> cuts, out string value)
    {
        value = string.Empty;
        if (_required.Length > 0 && !name.Contains(_required, StringComparison.Ordinal))
        {
            return false;
        }

        Match match = _regex.Match(name);
        if (!match.Success || match.Groups.Count < 2)
        {
            return false;
        }

        Group cut = match.Groups[1];
        Group found = match.Groups.Count > 2 && match.Groups[2].Success ? match.Groups[2] : cut;
        if (_rejectedValue.Length > 0 && found.ValueSpan.SequenceEqual(_rejectedValue))
        {
            return false;
        }

        value = found.Value;
        cuts.Add(new NameCut(cut.Index, cut.Length));
        return true;
    }

    /// <summary>The word of a pattern such as <c>^cluster\.</c>; empty when it does not start so.</summary>
    private static string FirstWord(string pattern)
    {
        if (!pattern.StartsWith('^'))
        {
            return string.Empty;
        }

        int end = 1;
        while (end < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[end]) || pattern[end] == '_'))
        {
            end++;
        }

        return pattern.AsSpan(end).StartsWith("\\.") ? pattern[1..end] : string.Empty;
    }
}
