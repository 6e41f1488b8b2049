using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>A range of code points, both ends included.</summary>
internal readonly record struct RuneRange(int Low, int High);

/// <summary>A set of code points: a character class while it is parsed.</summary>
internal sealed class RuneSet
{
    public const int MaxRune = 0x10FFFF;

    private readonly List<RuneRange> _ranges = [];

    /// <summary>The ranges as they were added, or sorted and apart after <see cref="Normalize"/>.</summary>
    public IReadOnlyList<RuneRange> Ranges => _ranges;

    public static RuneSet Of(int rune)
    {
        var set = new RuneSet();
        set.Add(rune, rune);
        return set;
    }

    public void Add(int low, int high) => _ranges.Add(new RuneRange(low, high));

    public void Add(RuneSet other) => _ranges.AddRange(other._ranges);

    /// <summary>Sorts the ranges and joins those that touch.</summary>
    public void Normalize()
    {
        _ranges.Sort(static (a, b) => a.Low.CompareTo(b.Low));
        int kept = 0;
        Span<RuneRange> all = CollectionsMarshal.AsSpan(_ranges);
        for (int i = 0; i < all.Length; i++)
        {
            if (kept > 0 && all[i].Low <= all[kept - 1].High + 1)
            {
                all[kept - 1] = new RuneRange(all[kept - 1].Low, Math.Max(all[kept - 1].High, all[i].High));
                continue;
            }

            all[kept++] = all[i];
        }

        _ranges.RemoveRange(kept, _ranges.Count - kept);
    }

    /// <summary>Becomes every code point that was not in it.</summary>
    public void Negate()
    {
        Normalize();
        RuneRange[] before = [.. _ranges];
        _ranges.Clear();
        int next = 0;
        foreach (RuneRange range in before)
        {
            if (range.Low > next)
            {
                Add(next, range.Low - 1);
            }

            next = range.High + 1;
        }

        if (next <= MaxRune)
        {
            Add(next, MaxRune);
        }
    }

    /// <summary>Adds the other cases of each letter (simple folding).</summary>
    public void FoldCase()
    {
        Normalize();
        foreach (RuneRange range in _ranges.ToArray())
        {
            // Beyond the basic plane only Deseret and a few others have cases; paths and headers do without.
            int high = Math.Min(range.High, 0xFFFF);
            for (int rune = range.Low; rune <= high; rune++)
            {
                AddCases((char)rune);
            }
        }

        Normalize();
    }

    /// <summary>A one- or two-letter general category such as <c>L</c> or <c>Lu</c>; null when there is none of this name.</summary>
    public static RuneSet? Category(string name)
    {
        var set = new RuneSet();
        if (name == "Any")
        {
            set.Add(0, MaxRune);
            return set;
        }

        int start = -1;
        for (int rune = 0; rune <= MaxRune + 1; rune++)
        {
            bool member = rune <= MaxRune && ShortName(CharUnicodeInfo.GetUnicodeCategory(rune)).StartsWith(name, StringComparison.Ordinal);
            if (member && start < 0)
            {
                start = rune;
            }
            else if (!member && start >= 0)
            {
                set.Add(start, rune - 1);
                start = -1;
            }
        }

        return set._ranges.Count == 0 ? null : set;
    }

    private void AddCases(char c)
    {
        char upper = char.ToUpperInvariant(c);
        char lower = char.ToLowerInvariant(c);
        if (upper != c)
        {
            Add(upper, upper);
        }

        if (lower != c)
        {
            Add(lower, lower);
        }

        // The two ASCII letters with a third form: long s and the Kelvin sign.
        int third = c switch
        {
            's' or 'S' => 0x17F,
            'k' or 'K' => 0x212A,
            '\u017F' => 'S',
            '\u212A' => 'K',
            _ => -1,
        };
        if (third >= 0)
        {
            Add(third, third);
            if (third < 0x80)
            {
                Add(third | 0x20, third | 0x20);
            }
        }
    }

    private static string ShortName(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        _ => "Cn",
    };
}
