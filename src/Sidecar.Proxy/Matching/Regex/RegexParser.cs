using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>
/// Parses RE2 syntax (the subset of Perl's that a finite automaton can match: no back-references, no look-around). The messages of
/// what it refuses are RE2's. Main thread.
/// </summary>
internal sealed class RegexParser
{
    private const int MaxRepeat = 1000;
    private const int MaxDepth = 250;

    private readonly string _pattern;
    private readonly HashSet<string> _names = [];
    private int _position;
    private int _captures;
    private int _depth;
    private Flags _flags;

    private RegexParser(string pattern) => _pattern = pattern;

    [Flags]
    private enum Flags
    {
        None = 0,
        FoldCase = 1,
        MultiLine = 2,
        DotNewline = 4,
        Ungreedy = 8,
    }

    private bool AtEnd => _position >= _pattern.Length;

    /// <summary>The tree of a pattern and how many groups it has.</summary>
    public static RegexNode Parse(string pattern, out int captures)
    {
        var parser = new RegexParser(pattern);
        RegexNode node = parser.Alternation();
        if (!parser.AtEnd)
        {
            throw new RegexSyntaxException($"unexpected ): {pattern}");
        }

        captures = parser._captures;
        return node;
    }

    private RegexNode Alternation()
    {
        if (++_depth > MaxDepth)
        {
            throw new RegexSyntaxException("expression nests too deeply");
        }

        var choices = new List<RegexNode> { Concatenation() };
        while (Take('|'))
        {
            choices.Add(Concatenation());
        }

        _depth--;
        return choices.Count == 1 ? choices[0] : new RegexNode.Alternate(choices);
    }

    private RegexNode Concatenation()
    {
        var parts = new List<RegexNode>();
        while (!AtEnd && _pattern[_position] is not ('|' or ')'))
        {
            int start = _position;
            RegexNode? atom = Atom();
            if (atom is not null)
            {
                parts.Add(Repetition(atom, start));
            }
        }

        return parts.Count switch
        {
            0 => new RegexNode.Empty(),
            1 => parts[0],
            _ => new RegexNode.Concat(parts),
        };
    }

    private RegexNode Repetition(RegexNode atom, int atomStart)
    {
        int operatorStart = _position;
        if (!TryRepeatOperator(out int minimum, out int maximum))
        {
            return atom;
        }

        bool greedy = !Take('?');
        if ((_flags & Flags.Ungreedy) != 0)
        {
            greedy = !greedy;
        }

        int end = _position;
        if (TryRepeatOperator(out _, out _))
        {
            throw new RegexSyntaxException($"bad repetition operator: {_pattern[operatorStart.._position]}");
        }

        _position = end;
        if (maximum > MaxRepeat || minimum > MaxRepeat)
        {
            throw new RegexSyntaxException($"invalid repetition size: {_pattern[atomStart..end]}");
        }

        return new RegexNode.Repeat(atom, minimum, maximum, greedy);
    }

    /// <summary>A brace that is no well-formed repetition is a literal brace.</summary>
    private bool TryRepeatOperator(out int minimum, out int maximum)
    {
        minimum = 0;
        maximum = -1;
        if (AtEnd)
        {
            return false;
        }

        switch (_pattern[_position])
        {
            case '*':
                _position++;
                return true;
            case '+':
                _position++;
                minimum = 1;
                return true;
            case '?':
                _position++;
                maximum = 1;
                return true;
            case '{':
                return TryBraces(out minimum, out maximum);
            default:
                return false;
        }
    }

    private bool TryBraces(out int minimum, out int maximum)
    {
        int start = _position;
        _position++;
        maximum = -1;
        if (!TryNumber(out minimum))
        {
            _position = start;
            return false;
        }

        if (!Take(','))
        {
            maximum = minimum;
        }
        else if (!AtEnd && _pattern[_position] != '}' && !TryNumber(out maximum))
        {
            _position = start;
            return false;
        }

        if (!Take('}'))
        {
            _position = start;
            return false;
        }

        if (maximum >= 0 && maximum < minimum)
        {
            throw new RegexSyntaxException($"invalid repetition size: {_pattern[start.._position]}");
        }

        return true;
    }

    private bool TryNumber(out int number)
    {
        int start = _position;
        while (!AtEnd && char.IsAsciiDigit(_pattern[_position]))
        {
            _position++;
        }

        if (!int.TryParse(_pattern.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            // Digits without end are a size that nobody may have.
            number = _position > start ? int.MaxValue : 0;
        }

        return _position > start;
    }

    /// <summary>One atom, or null for a piece of syntax that stands for nothing (flags).</summary>
    private RegexNode? Atom()
    {
        char c = _pattern[_position];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                return new RegexNode.Class(RegexClassParser.Parse(_pattern, ref _position, (_flags & Flags.FoldCase) != 0));
            case '.':
                _position++;
                return new RegexNode.Class(Dot());
            case '^':
                _position++;
                return Assert((_flags & Flags.MultiLine) != 0 ? RegexAssertion.BeginLine : RegexAssertion.BeginText);
            case '$':
                _position++;
                return Assert((_flags & Flags.MultiLine) != 0 ? RegexAssertion.EndLine : RegexAssertion.EndText);
            case '*' or '+' or '?':
                throw new RegexSyntaxException($"no argument for repetition operator: {c}");
            case '\\':
                return Escape();
            default:
                return Literal();
        }
    }

    private RegexNode Literal()
    {
        if (!Rune.TryGetRuneAt(_pattern, _position, out Rune rune))
        {
            throw new RegexSyntaxException("invalid UTF-8");
        }

        _position += rune.Utf16SequenceLength;
        return One(rune.Value);
    }

    private RegexNode One(int rune)
    {
        RuneSet set = RuneSet.Of(rune);
        if ((_flags & Flags.FoldCase) != 0)
        {
            set.FoldCase();
        }

        return new RegexNode.Class(set);
    }

    private RuneSet Dot()
    {
        var set = new RuneSet();
        if ((_flags & Flags.DotNewline) == 0)
        {
            set.Add('\n', '\n');
        }

        set.Negate();
        return set;
    }

    private static RegexNode.Assert Assert(RegexAssertion assertion) => new(assertion);

    private RegexNode? Escape()
    {
        if (_position + 1 >= _pattern.Length)
        {
            throw new RegexSyntaxException("trailing \\");
        }

        switch (_pattern[_position + 1])
        {
            case 'A':
                _position += 2;
                return Assert(RegexAssertion.BeginText);
            case 'z':
                _position += 2;
                return Assert(RegexAssertion.EndText);
            case 'b':
                _position += 2;
                return Assert(RegexAssertion.WordBoundary);
            case 'B':
                _position += 2;
                return Assert(RegexAssertion.NoWordBoundary);
            case 'C':
                _position += 2;
                return new RegexNode.AnyByte();
            case 'Q':
                _position += 2;
                return Quoted();
        }

        if (RegexClassParser.TryPerlClass(_pattern, ref _position, out RuneSet? set))
        {
            if ((_flags & Flags.FoldCase) != 0)
            {
                set!.FoldCase();
            }

            set!.Normalize();
            return new RegexNode.Class(set);
        }

        return One(RegexClassParser.EscapedRune(_pattern, ref _position));
    }

    /// <summary>Everything up to <c>\E</c> is literal; a repetition after it binds to the last character, as in RE2.</summary>
    private RegexNode? Quoted()
    {
        int end = _pattern.IndexOf("\\E", _position, StringComparison.Ordinal);
        int stop = end < 0 ? _pattern.Length : end;
        var parts = new List<RegexNode>();
        while (_position < stop)
        {
            parts.Add(Literal());
        }

        _position = end < 0 ? _pattern.Length : end + 2;
        if (parts.Count == 0)
        {
            return null;
        }

        parts[^1] = Repetition(parts[^1], stop);
        return new RegexNode.Concat(parts);
    }

    private RegexNode? Group()
    {
        int start = _position++;
        Flags outer = _flags;
        int capture = 0;
        if (Take('?'))
        {
            if (TryGroupName(start))
            {
                capture = ++_captures;
            }
            else if (GroupFlags(start))
            {
                return null;
            }
        }
        else
        {
            capture = ++_captures;
        }

        RegexNode body = Alternation();
        if (!Take(')'))
        {
            throw new RegexSyntaxException($"missing ): {_pattern}");
        }

        _flags = outer;
        return capture > 0 ? new RegexNode.Capture(body, capture) : body;
    }

    private bool TryGroupName(int start)
    {
        int mark = _position;
        Take('P');
        if (!Take('<'))
        {
            _position = mark;
            return false;
        }

        int end = _pattern.IndexOf('>', _position);
        string name = end < 0 ? string.Empty : _pattern[_position..end];
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(RegexClassParser.WordChars))
        {
            throw new RegexSyntaxException($"invalid named capture group: {_pattern[start..(end < 0 ? _pattern.Length : end + 1)]}");
        }

        if (!_names.Add(name))
        {
            throw new RegexSyntaxException($"duplicate capture group name: {name}");
        }

        _position = end + 1;
        return true;
    }

    /// <summary>Flags after <c>(?</c>. True when the group is only flags, closed already.</summary>
    private bool GroupFlags(int start)
    {
        bool negative = false;
        Flags flags = _flags;
        while (!AtEnd)
        {
            char c = _pattern[_position++];
            Flags flag = c switch { 'i' => Flags.FoldCase, 'm' => Flags.MultiLine, 's' => Flags.DotNewline, 'U' => Flags.Ungreedy, _ => Flags.None };
            if (flag != Flags.None)
            {
                flags = negative ? flags & ~flag : flags | flag;
            }
            else if (c == '-' && !negative)
            {
                negative = true;
            }
            else if (c is ':' or ')')
            {
                _flags = flags;
                return c == ')';
            }
            else
            {
                // Look-around and the like: what an automaton cannot match in linear time.
                throw new RegexSyntaxException($"invalid perl operator: {_pattern[start.._position]}");
            }
        }

        throw new RegexSyntaxException($"missing ): {_pattern}");
    }

    private bool Take(char c)
    {
        if (AtEnd || _pattern[_position] != c)
        {
            return false;
        }

        _position++;
        return true;
    }
}
