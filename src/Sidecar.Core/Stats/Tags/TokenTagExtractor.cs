using System;
using System.Collections.Generic;

namespace Sidecar.Core.Stats.Tags;

/// <summary>
/// Matches dot-separated tokens: a word is itself, <c>*</c> any one token, <c>$</c> the token that is the value, <c>**</c> any number of
/// tokens. Much cheaper than a regex, and nearly all default tags have this form.
/// </summary>
internal sealed class TokenTagExtractor : TagExtractor
{
    private readonly string[] _tokens;

    public TokenTagExtractor(string tagName, string pattern)
        : base(tagName, FirstWord(pattern)) => _tokens = pattern.Split('.');

    public override bool TryExtract(string name, List<NameCut> cuts, out string value)
    {
        int start = -1;
        int length = 0;
        if (!Match(0, name, 0, ref start, ref length) || start < 0)
        {
            value = string.Empty;
            return false;
        }

        value = name.Substring(start, length);

        // With the value goes one dot: the one after it, or at the end the one before it.
        bool isLast = start + length == name.Length;
        cuts.Add(isLast && start > 0 ? new NameCut(start - 1, length + 1) : new NameCut(start, Math.Min(length + 1, name.Length - start)));
        return true;
    }

    private static string FirstWord(string pattern)
    {
        string first = pattern[..pattern.IndexOf('.')];
        return first is "*" or "$" or "**" ? string.Empty : first;
    }

    /// <param name="at">Where the next token of the name starts; one past the end when there is none.</param>
    private bool Match(int token, string name, int at, ref int start, ref int length)
    {
        if (token == _tokens.Length)
        {
            return at > name.Length;
        }

        string expected = _tokens[token];
        if (expected == "**")
        {
            return MatchAny(token, name, at, ref start, ref length);
        }

        if (at > name.Length)
        {
            return false;
        }

        int end = name.IndexOf('.', at);
        end = end < 0 ? name.Length : end;
        if (expected == "$")
        {
            start = at;
            length = end - at;
        }
        else if (expected != "*" && !name.AsSpan(at, end - at).SequenceEqual(expected))
        {
            return false;
        }

        return end > at && Match(token + 1, name, end + 1, ref start, ref length);
    }

    private bool MatchAny(int token, string name, int at, ref int start, ref int length)
    {
        if (token == _tokens.Length - 1)
        {
            return true;
        }

        while (at <= name.Length)
        {
            if (Match(token + 1, name, at, ref start, ref length))
            {
                return true;
            }

            int dot = name.IndexOf('.', at);
            at = dot < 0 ? name.Length + 1 : dot + 1;
        }

        return false;
    }
}
