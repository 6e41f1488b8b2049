using System.Collections.Generic;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>A condition on a position that takes no byte.</summary>
internal enum RegexAssertion : byte
{
    None = 0,
    BeginText,
    EndText,
    BeginLine,
    EndLine,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>The syntax tree of a pattern. Lives only while the pattern is compiled.</summary>
internal abstract record RegexNode
{
    internal sealed record Empty : RegexNode;

    /// <summary>One code point of a set (normalized).</summary>
    internal sealed record Class(RuneSet Runes) : RegexNode;

    /// <summary>Any one byte (<c>\C</c>).</summary>
    internal sealed record AnyByte : RegexNode;

    internal sealed record Concat(IReadOnlyList<RegexNode> Parts) : RegexNode;

    internal sealed record Alternate(IReadOnlyList<RegexNode> Choices) : RegexNode;

    /// <param name="Body">What repeats.</param>
    /// <param name="Minimum">At least so often.</param>
    /// <param name="Maximum">At most so often; -1 for no limit.</param>
    /// <param name="Greedy">Prefers more.</param>
    internal sealed record Repeat(RegexNode Body, int Minimum, int Maximum, bool Greedy) : RegexNode;

    /// <summary>A group that remembers where it matched; counted from 1.</summary>
    internal sealed record Capture(RegexNode Body, int Index) : RegexNode;

    internal sealed record Assert(RegexAssertion Assertion) : RegexNode;
}
