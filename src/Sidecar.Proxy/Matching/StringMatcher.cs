using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Proxy.Matching;

/// <summary>How a <see cref="StringMatcherConfig"/> compares.</summary>
public enum StringMatchKind : byte
{
    None = 0,
    Exact,
    Prefix,
    Suffix,
    Contains,
    SafeRegex,
}

/// <summary>Envoy's <c>StringMatcher</c>.</summary>
public sealed record StringMatcherConfig
{
    public required StringMatchKind Kind { get; init; }

    /// <summary>The text or the regex.</summary>
    public required string Value { get; init; }

    /// <summary>Ignores the case of ASCII letters; without effect on <see cref="StringMatchKind.SafeRegex"/>.</summary>
    public bool IgnoreCase { get; init; }
}

/// <summary>A compiled string matcher. Immutable; thread: any.</summary>
public sealed class StringMatcher
{
    private readonly StringMatchKind _kind;
    private readonly bool _ignoreCase;
    private readonly byte[] _value;
    private readonly RegexMatcher? _regex;

    /// <exception cref="Regex.RegexSyntaxException">The regex is malformed.</exception>
    public StringMatcher(StringMatcherConfig config)
    {
        _kind = config.Kind;
        _ignoreCase = config.IgnoreCase && config.Kind != StringMatchKind.SafeRegex;
        _value = _ignoreCase ? AsciiText.LowerBytes(config.Value) : Encoding.UTF8.GetBytes(config.Value);
        _regex = config.Kind == StringMatchKind.SafeRegex ? RegexMatcher.Create(config.Value) : null;
    }

    public static StringMatcher Exact(string value) => new(new StringMatcherConfig { Kind = StringMatchKind.Exact, Value = value });

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_ignoreCase)
        {
            return IsMatchIgnoringCase(text);
        }

        return _kind switch
        {
            StringMatchKind.Exact => text.SequenceEqual(_value),
            StringMatchKind.Prefix => text.StartsWith(_value),
            StringMatchKind.Suffix => text.EndsWith(_value),
            StringMatchKind.Contains => text.IndexOf(_value) >= 0,
            StringMatchKind.SafeRegex => _regex!.IsFullMatch(text),
            _ => false,
        };
    }

    /// <summary>Whether any of several matchers matches.</summary>
    public static bool AnyMatches(IReadOnlyList<StringMatcher> matchers, ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < matchers.Count; i++)
        {
            if (matchers[i].IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMatchIgnoringCase(ReadOnlySpan<byte> text) => _kind switch
    {
        StringMatchKind.Exact => AsciiText.EqualsLower(text, _value),
        StringMatchKind.Prefix => AsciiText.StartsWithLower(text, _value),
        StringMatchKind.Suffix => AsciiText.EndsWithLower(text, _value),
        StringMatchKind.Contains => AsciiText.ContainsLower(text, _value),
        _ => false,
    };
}
