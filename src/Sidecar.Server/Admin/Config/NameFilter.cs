using System;
using System.Text.RegularExpressions;

namespace Sidecar.Server.Admin.Config;

/// <summary>The <c>name_regex</c> parameter: a regex that has to match a whole name, in linear time. Immutable; thread: any.</summary>
public sealed class NameFilter
{
    /// <summary>Longer patterns are refused.</summary>
    public const int MaxPatternChars = 1024;

    private readonly Regex? _regex;

    private NameFilter(Regex? regex) => _regex = regex;

    public static NameFilter All { get; } = new(null);

    public bool Matches(string name) => _regex is null || _regex.IsMatch(name);

    /// <summary>From the parameter's value; null or empty matches all. False with the reason when it is no regex.</summary>
    public static bool TryParse(string? pattern, out NameFilter filter, out string error)
    {
        filter = All;
        error = string.Empty;
        if (string.IsNullOrEmpty(pattern))
        {
            return true;
        }

        if (pattern.Length > MaxPatternChars)
        {
            error = $"Error while parsing name_regex: it is longer than {MaxPatternChars} characters";
            return false;
        }

        try
        {
            filter = new NameFilter(new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"Error while parsing name_regex from {pattern}: {e.Message}";
            return false;
        }
    }
}
