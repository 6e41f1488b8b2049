using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>
/// A deterministic automaton for matches of a whole text: one table look-up a byte, no memory of its own. Built when the pattern is
/// configured, so that workers neither build states nor share mutable ones. Immutable; thread: any.
/// </summary>
internal sealed class RegexDfa
{
    private const int MaxStates = 4096;
    private const int MaxTableEntries = 128 * 1024;

    private readonly byte[] _classes;
    private readonly int[] _next;
    private readonly bool[] _accepts;
    private readonly int _classCount;

    private RegexDfa(byte[] classes, int classCount, int[] next, bool[] accepts)
    {
        _classes = classes;
        _classCount = classCount;
        _next = next;
        _accepts = accepts;
    }

    public bool IsFullMatch(ReadOnlySpan<byte> text)
    {
        byte[] classes = _classes;
        int[] next = _next;
        int state = _classCount;
        foreach (byte b in text)
        {
            state = next[state + classes[b]];
            if (state == 0)
            {
                return false;
            }
        }

        return _accepts[state / _classCount];
    }

    /// <summary>The automaton of a program, or null when it needs context or too much memory.</summary>
    public static RegexDfa? TryBuild(RegexProgram program) => program.NeedsContext ? null : new Builder(program).Build();

    /// <summary>Subset construction. State 0 is dead, state 1 the start; table entries are state numbers times the class count.</summary>
    private sealed class Builder
    {
        private readonly RegexInstruction[] _instructions;
        private readonly int _programStart;
        private readonly Dictionary<string, int> _states = [];
        private readonly List<int[]> _members = [];
        private readonly List<bool> _accepting = [];
        private readonly List<int> _table = [];
        private readonly Stack<int> _stack = [];
        private readonly SparseSet _set;
        private readonly byte[] _representatives;
        private readonly byte[] _byteClasses = new byte[256];

        public Builder(RegexProgram program)
        {
            _instructions = program.Instructions;
            _programStart = program.Start;
            _set = new SparseSet(_instructions.Length);
            _representatives = Classify();
        }

        public RegexDfa? Build()
        {
            int classCount = _representatives.Length;
            AddState([], accepts: false);
            _set.Clear();
            Close(_programStart, atBegin: true, atEnd: false);
            int[] start = Leaves();
            // The start state stands alone: only there may ^ and $ both hold, in the empty text.
            AddState(start, Accepts(_programStart, start, isStart: true));
            for (int state = 1; state < _members.Count; state++)
            {
                for (int c = 0; c < classCount; c++)
                {
                    int next = Step(_members[state], _representatives[c]);
                    _table[(state * classCount) + c] = next * classCount;
                }

                if (_members.Count > MaxStates || _table.Count > MaxTableEntries)
                {
                    return null;
                }
            }

            return new RegexDfa(_byteClasses, classCount, [.. _table], [.. _accepting]);
        }

        private int Step(int[] members, byte b)
        {
            _set.Clear();
            foreach (int pc in members)
            {
                ref RegexInstruction instruction = ref _instructions[pc];
                if (instruction.Op == RegexOp.Bytes && b >= instruction.Low && b <= instruction.High)
                {
                    Close(instruction.Next, atBegin: false, atEnd: false);
                }
            }

            if (_set.Count == 0)
            {
                return 0;
            }

            int[] leaves = Leaves();
            if (leaves.Length == 0)
            {
                return 0;
            }

            string key = Key(leaves);
            if (_states.TryGetValue(key, out int known))
            {
                return known;
            }

            int state = AddState(leaves, Accepts(-1, leaves, isStart: false));
            _states[key] = state;
            return state;
        }

        /// <summary>Whether a text may end here: follow end-of-text assertions to the match.</summary>
        private bool Accepts(int entry, int[] members, bool isStart)
        {
            _set.Clear();
            if (isStart)
            {
                Close(entry, atBegin: true, atEnd: true);
            }
            else
            {
                foreach (int pc in members)
                {
                    Close(pc, atBegin: false, atEnd: true);
                }
            }

            for (int i = 0; i < _set.Count; i++)
            {
                if (_instructions[_set[i]].Op == RegexOp.Match)
                {
                    return true;
                }
            }

            return false;
        }

        private void Close(int entry, bool atBegin, bool atEnd)
        {
            _stack.Push(entry);
            while (_stack.TryPop(out int pc))
            {
                if (!_set.Add(pc))
                {
                    continue;
                }

                ref RegexInstruction instruction = ref _instructions[pc];
                switch (instruction.Op)
                {
                    case RegexOp.Split:
                        _stack.Push(instruction.Next);
                        _stack.Push(instruction.Alternative);
                        break;
                    case RegexOp.Save:
                        _stack.Push(instruction.Next);
                        break;
                    case RegexOp.Assert when instruction.Assertion == RegexAssertion.BeginText ? atBegin : atEnd:
                        _stack.Push(instruction.Next);
                        break;
                }
            }
        }

        /// <summary>The instructions that wait for a byte or the end: they alone tell states apart.</summary>
        private int[] Leaves()
        {
            var leaves = new List<int>();
            for (int i = 0; i < _set.Count; i++)
            {
                ref RegexInstruction instruction = ref _instructions[_set[i]];
                if (instruction.Op is RegexOp.Bytes or RegexOp.Match
                    || (instruction.Op == RegexOp.Assert && instruction.Assertion == RegexAssertion.EndText))
                {
                    leaves.Add(_set[i]);
                }
            }

            leaves.Sort();
            return [.. leaves];
        }

        private int AddState(int[] members, bool accepts)
        {
            _members.Add(members);
            _accepting.Add(accepts);
            for (int i = 0; i < _representatives.Length; i++)
            {
                _table.Add(0);
            }

            return _members.Count - 1;
        }

        private static string Key(int[] leaves) => string.Create(leaves.Length, leaves, static (text, members) =>
        {
            for (int i = 0; i < members.Length; i++)
            {
                text[i] = (char)members[i];
            }
        });

        /// <summary>Bytes that no instruction tells apart share a class; returns one byte of each.</summary>
        private byte[] Classify()
        {
            var starts = new bool[257];
            starts[0] = true;
            foreach (RegexInstruction instruction in _instructions)
            {
                if (instruction.Op == RegexOp.Bytes && instruction.Low <= instruction.High)
                {
                    starts[instruction.Low] = true;
                    starts[instruction.High + 1] = true;
                }
            }

            var representatives = new List<byte>();
            for (int b = 0; b < 256; b++)
            {
                if (starts[b])
                {
                    representatives.Add((byte)b);
                }

                _byteClasses[b] = (byte)(representatives.Count - 1);
            }

            return [.. representatives];
        }
    }
}
