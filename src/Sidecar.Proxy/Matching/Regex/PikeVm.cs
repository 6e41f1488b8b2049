using System;
using System.Runtime.CompilerServices;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>
/// Runs a <see cref="RegexProgram"/> with all its threads side by side: time is the text's length times the program's, whatever the
/// pattern. Finds groups, which <see cref="RegexDfa"/> cannot. One a thread, grown to the largest program it has met.
/// </summary>
internal sealed class PikeVm
{
    [ThreadStatic]
    private static PikeVm? s_current;

    private ThreadList _now = new(0, 0);
    private ThreadList _then = new(0, 0);
    private Pending[] _stack = new Pending[64];
    private int[] _slotRoom = [];
    private int[] _matchRoom = [];
    private int _slotCount;

    /// <summary>The calling thread's own.</summary>
    public static PikeVm Current => s_current ??= new PikeVm();

    /// <summary>Positions of the last match: start and end of the whole, then of each group, -1 where a group took no part.</summary>
    public ReadOnlySpan<int> Match => _matchRoom.AsSpan(0, _slotCount);

    /// <summary>Whether the whole text matches.</summary>
    public bool FullMatch(RegexProgram program, ReadOnlySpan<byte> text) => Run(program, text, 0, anchored: true);

    /// <summary>The leftmost match at or after a position, preferring earlier choices as Perl does.</summary>
    public bool Search(RegexProgram program, ReadOnlySpan<byte> text, int from) => Run(program, text, from, anchored: false);

    private bool Run(RegexProgram program, ReadOnlySpan<byte> text, int from, bool anchored)
    {
        Prepare(program);
        bool matched = false;
        RegexInstruction[] instructions = program.Instructions;
        for (int position = from; ; position++)
        {
            // A new thread starts at each position until something has matched: leftmost wins.
            if (!matched && (!anchored || position == from))
            {
                _slotRoom.AsSpan(0, _slotCount).Fill(-1);
                Follow(instructions, program.Start, text, position, _now);
            }

            if (_now.Set.Count == 0 && (matched || anchored))
            {
                return matched;
            }

            for (int i = 0; i < _now.Set.Count; i++)
            {
                ref RegexInstruction instruction = ref instructions[_now.Set[i]];
                if (instruction.Op == RegexOp.Match)
                {
                    if (anchored && position != text.Length)
                    {
                        continue;
                    }

                    _now.SlotsOf(i).CopyTo(_matchRoom);
                    matched = true;
                    // The threads behind this one are worse choices.
                    break;
                }

                if (instruction.Op == RegexOp.Bytes && position < text.Length
                    && text[position] >= instruction.Low && text[position] <= instruction.High)
                {
                    _now.SlotsOf(i).CopyTo(_slotRoom);
                    Follow(instructions, instruction.Next, text, position + 1, _then);
                }
            }

            (_now, _then) = (_then, _now);
            _then.Set.Clear();
            if (position >= text.Length)
            {
                return matched;
            }
        }
    }

    /// <summary>Adds everything that is reached from an instruction without a byte, in order of preference.</summary>
    private void Follow(RegexInstruction[] instructions, int entry, ReadOnlySpan<byte> text, int position, ThreadList list)
    {
        int depth = 0;
        Push(ref depth, new Pending(entry, -1, 0));
        while (depth > 0)
        {
            Pending pending = _stack[--depth];
            if (pending.Slot >= 0)
            {
                _slotRoom[pending.Slot] = pending.Value;
                continue;
            }

            int pc = pending.Instruction;
            if (!list.Set.Add(pc))
            {
                continue;
            }

            ref RegexInstruction instruction = ref instructions[pc];
            switch (instruction.Op)
            {
                case RegexOp.Split:
                    Push(ref depth, new Pending(instruction.Alternative, -1, 0));
                    Push(ref depth, new Pending(instruction.Next, -1, 0));
                    break;
                case RegexOp.Save:
                    Push(ref depth, new Pending(0, instruction.Alternative, _slotRoom[instruction.Alternative]));
                    _slotRoom[instruction.Alternative] = position;
                    Push(ref depth, new Pending(instruction.Next, -1, 0));
                    break;
                case RegexOp.Assert:
                    if (Holds(instruction.Assertion, text, position))
                    {
                        Push(ref depth, new Pending(instruction.Next, -1, 0));
                    }

                    break;
                default:
                    _slotRoom.AsSpan(0, _slotCount).CopyTo(list.SlotsOf(list.Set.Count - 1));
                    break;
            }
        }
    }

    private static bool Holds(RegexAssertion assertion, ReadOnlySpan<byte> text, int position) => assertion switch
    {
        RegexAssertion.BeginText => position == 0,
        RegexAssertion.EndText => position == text.Length,
        RegexAssertion.BeginLine => position == 0 || text[position - 1] == '\n',
        RegexAssertion.EndLine => position == text.Length || text[position] == '\n',
        RegexAssertion.WordBoundary => IsWordAt(text, position - 1) != IsWordAt(text, position),
        _ => IsWordAt(text, position - 1) == IsWordAt(text, position),
    };

    private static bool IsWordAt(ReadOnlySpan<byte> text, int position) =>
        (uint)position < (uint)text.Length && (char.IsAsciiLetterOrDigit((char)text[position]) || text[position] == '_');

    private void Push(ref int depth, Pending pending)
    {
        if (depth == _stack.Length)
        {
            GrowStack();
        }

        _stack[depth++] = pending;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowStack() => Array.Resize(ref _stack, _stack.Length * 2);

    private void Prepare(RegexProgram program)
    {
        int capacity = program.Instructions.Length;
        _slotCount = program.Slots;
        if (_now.Set.Capacity < capacity || _now.Positions < capacity * _slotCount || _slotRoom.Length < _slotCount)
        {
            Fit(capacity);
        }

        _now.Begin(_slotCount);
        _then.Begin(_slotCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Fit(int capacity)
    {
        capacity = Math.Max(_now.Set.Capacity, capacity);
        int positions = Math.Max(_now.Positions, capacity * _slotCount);
        _now = new ThreadList(capacity, positions);
        _then = new ThreadList(capacity, positions);
        if (_slotRoom.Length < _slotCount)
        {
            _slotRoom = new int[_slotCount];
            _matchRoom = new int[_slotCount];
        }
    }

    /// <summary>What is still to be followed, or (with a slot) a position to restore.</summary>
    private readonly record struct Pending(int Instruction, int Slot, int Value);

    /// <summary>Threads in order of preference, each with its positions.</summary>
    private sealed class ThreadList(int capacity, int positions)
    {
        private readonly int[] _positions = new int[positions];
        private int _slots;

        public SparseSet Set { get; } = new(capacity);

        /// <summary>Positions that it has room for.</summary>
        public int Positions => _positions.Length;

        public void Begin(int slots)
        {
            _slots = slots;
            Set.Clear();
        }

        public Span<int> SlotsOf(int thread) => _positions.AsSpan(thread * _slots, _slots);
    }
}
