namespace Sidecar.Proxy.Matching.Regex;

/// <summary>What an instruction does.</summary>
internal enum RegexOp : byte
{
    None = 0,

    /// <summary>Takes one byte between Low and High.</summary>
    Bytes,

    /// <summary>Goes on at Next and, second choice, at Alternative.</summary>
    Split,

    /// <summary>Remembers the position in slot Alternative.</summary>
    Save,

    /// <summary>Goes on when the position meets the assertion.</summary>
    Assert,

    Match,
}

/// <summary>One instruction of a program.</summary>
internal struct RegexInstruction
{
    public RegexOp Op;
    public byte Low;
    public byte High;
    public RegexAssertion Assertion;
    public int Next;
    public int Alternative;
}

/// <summary>A compiled pattern: a non-deterministic automaton over UTF-8 bytes. Immutable; thread: any.</summary>
internal sealed class RegexProgram
{
    public RegexProgram(RegexInstruction[] instructions, int start, int captures, bool needsContext)
    {
        Instructions = instructions;
        Start = start;
        Captures = captures;
        NeedsContext = needsContext;
    }

    public RegexInstruction[] Instructions { get; }

    public int Start { get; }

    /// <summary>Groups, the whole match not counted.</summary>
    public int Captures { get; }

    /// <summary>Position slots: two a group and two for the whole match.</summary>
    public int Slots => (Captures + 1) * 2;

    /// <summary>It has assertions that look at the bytes around a position (word and line boundaries).</summary>
    public bool NeedsContext { get; }
}
