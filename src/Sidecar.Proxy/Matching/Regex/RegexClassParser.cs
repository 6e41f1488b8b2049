using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>Character classes and escapes of RE2 syntax. Main thread.</summary>
internal static class RegexClassParser
{
    public static readonly SearchValues<char> WordChars =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    /// <summary>A class from its opening bracket to behind its closing one.</summary>
    public static RuneSet Parse(string pattern, ref int position, bool foldCase)
    {
        int start = position++;
        bool negated = position < pattern.Length && pattern[position] == '^';
        if (negated)
        {
            position++;
        }

        var set = new RuneSet();
        bool first = true;
        while (true)
        {
            if (position >= pattern.Length)
            {
                throw new RegexSyntaxException($"missing ]: {pattern[start..]}");
            }

            if (pattern[position] == ']' && !first)
            {
                position++;
                break;
            }

            first = false;
            Member(pattern, ref position, set);
        }

        if (foldCase)
        {
            set.FoldCase();
        }

        if (negated)
        {
            set.Negate();
        }

        set.Normalize();
        return set;
    }

    /// <summary><c>\d</c>, <c>\pL</c> and the like; false when the escape names one character.</summary>
    public static bool TryPerlClass(string pattern, ref int position, out RuneSet? set)
    {
        char letter = position + 1 < pattern.Length ? pattern[position + 1] : '\0';
        set = char.ToLowerInvariant(letter) switch
        {
            'd' => Ranges(('0', '9')),
            'w' => Ranges(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
            's' => Ranges(('\t', '\n'), ('\f', '\r'), (' ', ' ')),
            _ => null,
        };
        if (set is not null)
        {
            position += 2;
            if (char.IsAsciiLetterUpper(letter))
            {
                set.Negate();
            }

            return true;
        }

        if (letter is not ('p' or 'P'))
        {
            return false;
        }

        set = UnicodeClass(pattern, ref position, negated: letter == 'P');
        return true;
    }

    /// <summary>The character that an escape names.</summary>
    public static int EscapedRune(string pattern, ref int position)
    {
        int start = position;
        char c = position + 1 < pattern.Length ? pattern[position + 1] : throw new RegexSyntaxException("trailing \\");
        position += 2;
        switch (c)
        {
            case 'a':
                return 7;
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'v':
                return 11;
            case 'x':
                return Hexadecimal(pattern, ref position, start);
            case >= '0' and <= '7':
                return Octal(pattern, ref position, start);
        }

        if (c < 0x80 && !char.IsAsciiLetterOrDigit(c))
        {
            return c;
        }

        throw new RegexSyntaxException($"invalid escape sequence: {pattern[start..position]}");
    }

    private static void Member(string pattern, ref int position, RuneSet set)
    {
        if (pattern[position] == '[' && position + 1 < pattern.Length && pattern[position + 1] == ':')
        {
            int end = pattern.IndexOf(":]", position + 2, StringComparison.Ordinal);
            if (end >= 0)
            {
                set.Add(PosixClass(pattern[position..(end + 2)]));
                position = end + 2;
                return;
            }
        }

        if (pattern[position] == '\\' && TryPerlClass(pattern, ref position, out RuneSet? perl))
        {
            set.Add(perl!);
            return;
        }

        int start = position;
        int low = ClassRune(pattern, ref position);
        int high = low;
        if (position + 1 < pattern.Length && pattern[position] == '-' && pattern[position + 1] != ']')
        {
            position++;
            high = ClassRune(pattern, ref position);
            if (high < low)
            {
                throw new RegexSyntaxException($"invalid character class range: {pattern[start..position]}");
            }
        }

        set.Add(low, high);
    }

    private static int ClassRune(string pattern, ref int position)
    {
        if (pattern[position] == '\\')
        {
            return EscapedRune(pattern, ref position);
        }

        if (!Rune.TryGetRuneAt(pattern, position, out Rune rune))
        {
            throw new RegexSyntaxException("invalid UTF-8");
        }

        position += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private static RuneSet PosixClass(string text)
    {
        bool negated = text[2] == '^';
        string name = text[(negated ? 3 : 2)..^2];
        RuneSet? set = name switch
        {
            "alnum" => Ranges(('0', '9'), ('A', 'Z'), ('a', 'z')),
            "alpha" => Ranges(('A', 'Z'), ('a', 'z')),
            "ascii" => Ranges(('\0', '\x7F')),
            "blank" => Ranges(('\t', '\t'), (' ', ' ')),
            "cntrl" => Ranges(('\0', '\x1F'), ('\x7F', '\x7F')),
            "digit" => Ranges(('0', '9')),
            "graph" => Ranges(('!', '~')),
            "lower" => Ranges(('a', 'z')),
            "print" => Ranges((' ', '~')),
            "punct" => Ranges(('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
            "space" => Ranges(('\t', '\r'), (' ', ' ')),
            "upper" => Ranges(('A', 'Z')),
            "word" => Ranges(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
            "xdigit" => Ranges(('0', '9'), ('A', 'F'), ('a', 'f')),
            _ => null,
        };
        if (set is null)
        {
            throw new RegexSyntaxException($"invalid character class range: {text}");
        }

        if (negated)
        {
            set.Negate();
        }

        return set;
    }

    private static RuneSet UnicodeClass(string pattern, ref int position, bool negated)
    {
        int start = position;
        position += 2;
        string name;
        if (position < pattern.Length && pattern[position] == '{')
        {
            int end = pattern.IndexOf('}', position);
            name = end < 0 ? string.Empty : pattern[(position + 1)..end];
            position = end < 0 ? pattern.Length : end + 1;
        }
        else
        {
            name = position < pattern.Length ? pattern[position].ToString() : string.Empty;
            position = Math.Min(position + 1, pattern.Length);
        }

        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        RuneSet? set = name is "Any" || (name.Length is 1 or 2) ? RuneSet.Category(name) : null;
        if (set is null)
        {
            throw new RegexSyntaxException($"invalid character class range: {pattern[start..position]} (general categories are supported, scripts are not)");
        }

        if (negated)
        {
            set.Negate();
        }

        return set;
    }

    private static int Hexadecimal(string pattern, ref int position, int start)
    {
        bool braced = position < pattern.Length && pattern[position] == '{';
        int end = braced ? pattern.IndexOf('}', position) : position + 2;
        int from = braced ? position + 1 : position;
        if (end < 0 || end > pattern.Length
            || !int.TryParse(pattern.AsSpan(from, end - from), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || value is < 0 or > RuneSet.MaxRune)
        {
            throw new RegexSyntaxException($"invalid escape sequence: {pattern[start..Math.Min(pattern.Length, position + 1)]}");
        }

        position = braced ? end + 1 : end;
        return value;
    }

    /// <summary>One to three octal digits; <c>\1</c> to <c>\7</c> alone would be back-references.</summary>
    private static int Octal(string pattern, ref int position, int start)
    {
        bool another = position < pattern.Length && pattern[position] is >= '0' and <= '7';
        if (pattern[position - 1] != '0' && !another)
        {
            throw new RegexSyntaxException($"invalid escape sequence: {pattern[start..position]}");
        }

        int value = pattern[position - 1] - '0';
        for (int i = 0; i < 2 && position < pattern.Length && pattern[position] is >= '0' and <= '7'; i++)
        {
            value = (value * 8) + pattern[position++] - '0';
        }

        return value;
    }

    private static RuneSet Ranges(params ReadOnlySpan<(char Low, char High)> ranges)
    {
        var set = new RuneSet();
        foreach ((char low, char high) in ranges)
        {
            set.Add(low, high);
        }

        return set;
    }
}
