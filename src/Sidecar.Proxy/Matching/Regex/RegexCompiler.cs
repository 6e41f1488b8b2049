using System.Collections.Generic;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>
/// Compiles a syntax tree into a <see cref="RegexProgram"/>, from the end to the beginning: each piece is given the place where the
/// match goes on. Main thread.
/// </summary>
internal sealed class RegexCompiler
{
    /// <summary>A bound on memory; a counted repetition of a class is the usual way to reach it.</summary>
    private const int MaxInstructions = 50_000;

    private readonly List<RegexInstruction> _instructions = [];
    private bool _needsContext;

    public static RegexProgram Compile(string pattern)
    {
        RegexNode tree = RegexParser.Parse(pattern, out int captures);
        var compiler = new RegexCompiler();
        int match = compiler.Emit(new RegexInstruction { Op = RegexOp.Match });
        int start = compiler.Node(new RegexNode.Capture(tree, 0), match);
        return new RegexProgram([.. compiler._instructions], start, captures, compiler._needsContext);
    }

    private int Node(RegexNode node, int next)
    {
        switch (node)
        {
            case RegexNode.Class set:
                return Class(set.Runes, next);
            case RegexNode.AnyByte:
                return Bytes(0, 0xFF, next);
            case RegexNode.Concat concat:
                for (int i = concat.Parts.Count - 1; i >= 0; i--)
                {
                    next = Node(concat.Parts[i], next);
                }

                return next;
            case RegexNode.Alternate alternate:
                int entry = Node(alternate.Choices[^1], next);
                for (int i = alternate.Choices.Count - 2; i >= 0; i--)
                {
                    entry = Split(Node(alternate.Choices[i], next), entry, greedy: true);
                }

                return entry;
            case RegexNode.Repeat repeat:
                return Repeat(repeat, next);
            case RegexNode.Capture capture:
                int close = Emit(new RegexInstruction { Op = RegexOp.Save, Next = next, Alternative = (capture.Index * 2) + 1 });
                int body = Node(capture.Body, close);
                return Emit(new RegexInstruction { Op = RegexOp.Save, Next = body, Alternative = capture.Index * 2 });
            case RegexNode.Assert assert:
                _needsContext |= assert.Assertion is not (RegexAssertion.BeginText or RegexAssertion.EndText);
                return Emit(new RegexInstruction { Op = RegexOp.Assert, Assertion = assert.Assertion, Next = next });
            default:
                return next;
        }
    }

    private int Repeat(RegexNode.Repeat repeat, int next)
    {
        int entry = next;
        if (repeat.Maximum < 0)
        {
            int loop = Split(0, 0, repeat.Greedy);
            int body = Node(repeat.Body, loop);
            _instructions[loop] = SplitInstruction(body, next, repeat.Greedy);
            // x+ enters at the body, so that its minimum needs no copy. So does x* of a body that may be empty, as (x+)?: else an
            // empty first round would end the loop before the body's other choices were tried.
            entry = repeat.Minimum > 0 ? body : CanBeEmpty(repeat.Body) ? Split(body, next, repeat.Greedy) : loop;
            return Copies(repeat.Body, repeat.Minimum - 1, entry);
        }

        for (int i = repeat.Minimum; i < repeat.Maximum; i++)
        {
            entry = Split(Node(repeat.Body, entry), next, repeat.Greedy);
        }

        return Copies(repeat.Body, repeat.Minimum, entry);
    }

    private static bool CanBeEmpty(RegexNode node) => node switch
    {
        RegexNode.Class or RegexNode.AnyByte => false,
        RegexNode.Concat concat => All(concat.Parts),
        RegexNode.Alternate alternate => Any(alternate.Choices),
        RegexNode.Repeat repeat => repeat.Minimum == 0 || CanBeEmpty(repeat.Body),
        RegexNode.Capture capture => CanBeEmpty(capture.Body),
        _ => true,
    };

    private static bool All(IReadOnlyList<RegexNode> nodes)
    {
        foreach (RegexNode node in nodes)
        {
            if (!CanBeEmpty(node))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Any(IReadOnlyList<RegexNode> nodes)
    {
        foreach (RegexNode node in nodes)
        {
            if (CanBeEmpty(node))
            {
                return true;
            }
        }

        return false;
    }

    private int Copies(RegexNode body, int count, int next)
    {
        for (int i = 0; i < count; i++)
        {
            next = Node(body, next);
        }

        return next;
    }

    private int Class(RuneSet runes, int next)
    {
        var sequences = new List<Utf8Sequence>();
        foreach (RuneRange range in runes.Ranges)
        {
            Utf8Sequence.Split(range.Low, range.High, sequences);
        }

        if (sequences.Count == 0)
        {
            // An empty class matches nothing: a byte range that no byte is in.
            return Bytes(1, 0, next);
        }

        // Sequences share their tails: the continuation bytes of one length are mostly the same.
        var tails = new Dictionary<(byte, byte, int), int>();
        int entry = -1;
        for (int i = sequences.Count - 1; i >= 0; i--)
        {
            Utf8Sequence sequence = sequences[i];
            int at = next;
            for (int b = sequence.Length - 1; b >= 0; b--)
            {
                (byte low, byte high) = sequence[b];
                if (!tails.TryGetValue((low, high, at), out int shared))
                {
                    shared = Bytes(low, high, at);
                    tails[(low, high, at)] = shared;
                }

                at = shared;
            }

            entry = entry < 0 ? at : Split(at, entry, greedy: true);
        }

        return entry;
    }

    private int Bytes(byte low, byte high, int next) => Emit(new RegexInstruction { Op = RegexOp.Bytes, Low = low, High = high, Next = next });

    private int Split(int preferred, int other, bool greedy) => Emit(SplitInstruction(preferred, other, greedy));

    private static RegexInstruction SplitInstruction(int body, int exit, bool greedy) => new()
    {
        Op = RegexOp.Split,
        Next = greedy ? body : exit,
        Alternative = greedy ? exit : body,
    };

    private int Emit(RegexInstruction instruction)
    {
        if (_instructions.Count >= MaxInstructions)
        {
            throw new RegexSyntaxException("pattern too large - compile failed");
        }

        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }
}
