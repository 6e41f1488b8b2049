using System;
using System.Diagnostics;
using System.Numerics;

namespace Sidecar.Event.Timers;

/// <summary>
/// A hierarchical timing wheel (Varghese and Lauck, 1987): six levels of 64 slots, one tick a slot on level 0, 64 on level 1, and so on
/// to 2^36 ticks (795 days of milliseconds; longer delays wait on the top level and go round again). Arming, disarming and
/// expiring are O(1); a timer cascades at most five times. One bit a slot tells which are occupied, so that the next deadline is
/// found by counting zeros. Timers of one tick fire in the order in which they were armed. Thread: its dispatcher's.
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>What <see cref="NextTick"/> answers when nothing is armed.</summary>
    public const long Never = long.MaxValue;

    private const int LevelBits = 6;
    private const int SlotsPerLevel = 1 << LevelBits;
    private const int SlotMask = SlotsPerLevel - 1;
    private const int Levels = 6;
    private const long MaxSpan = 1L << (LevelBits * Levels);

    /// <summary>Ring of timers whose deadline had passed when they were armed: they fire in the next pass.</summary>
    private const int DueRing = Levels * SlotsPerLevel;

    /// <summary>Ring of the timers that the current pass is about to fire.</summary>
    private const int FiringRing = DueRing + 1;

    private readonly RingHead[] _rings = new RingHead[FiringRing + 1];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _elapsedTick;

    /// <summary>Ticks up to this one are being fired by the current pass.</summary>
    private long _passTick;

    public TimerWheel(long nowTick)
    {
        _elapsedTick = nowTick;
        _passTick = nowTick;
        for (int i = 0; i < _rings.Length; i++)
        {
            _rings[i] = new RingHead();
        }
    }

    /// <summary>Armed timers.</summary>
    public int Count { get; private set; }

    /// <summary>Arms, or moves an armed timer to another deadline.</summary>
    public void Arm(TimerNode node, long deadlineTick)
    {
        Disarm(node);
        node.DeadlineTick = deadlineTick;
        Count++;
        Insert(node);
    }

    public void Disarm(TimerNode node)
    {
        if (node.Next is not null)
        {
            Unlink(node);
            Count--;
        }
    }

    /// <summary>
    /// The tick at which <see cref="Advance"/> has something to do (fire or cascade); never later than the first deadline.
    /// </summary>
    public long NextTick()
    {
        if (!_rings[DueRing].IsEmpty)
        {
            return _elapsedTick;
        }

        return TryFindNextSlot(out long tick, out _) ? tick : Never;
    }

    /// <summary>Fires everything due up to <paramref name="nowTick"/>, in order of deadlines.</summary>
    public void Advance(long nowTick)
    {
        if (nowTick < _elapsedTick)
        {
            nowTick = _elapsedTick;
        }

        _passTick = nowTick;
        // Timers armed as due during this pass land in the due ring again and wait for the next one: a handler that re-arms itself
        // with no delay must not keep the loop here.
        Splice(DueRing);
        FireAll();
        while (TryFindNextSlot(out long tick, out int ring) && tick <= nowTick)
        {
            _elapsedTick = tick;
            Expire(ring);
            FireAll();
        }

        _elapsedTick = nowTick;
    }

    /// <summary>Empties a slot: what is due goes to the firing ring, the rest one level down or more.</summary>
    private void Expire(int ring)
    {
        RingHead head = _rings[ring];
        while (!head.IsEmpty)
        {
            TimerNode node = head.First;
            Unlink(node);
            if (node.DeadlineTick <= _elapsedTick)
            {
                Append(node, FiringRing);
            }
            else
            {
                InsertInLevel(node);
            }
        }
    }

    private void Splice(int ring)
    {
        RingHead head = _rings[ring];
        while (!head.IsEmpty)
        {
            TimerNode node = head.First;
            Unlink(node);
            Append(node, FiringRing);
        }
    }

    private void FireAll()
    {
        RingHead head = _rings[FiringRing];
        while (!head.IsEmpty)
        {
            TimerNode node = head.First;
            Unlink(node);
            Count--;
            node.OnFired();
        }
    }

    private void Insert(TimerNode node)
    {
        if (node.DeadlineTick <= _passTick)
        {
            Append(node, DueRing);
            return;
        }

        InsertInLevel(node);
    }

    private void InsertInLevel(TimerNode node)
    {
        long deadline = node.DeadlineTick;
        if (deadline - _elapsedTick >= MaxSpan)
        {
            deadline = _elapsedTick + MaxSpan - 1;
        }

        // The level is that of the highest group of six bits in which deadline and now differ.
        ulong different = (ulong)(_elapsedTick ^ deadline) | SlotMask;
        int level = Math.Min(BitOperations.Log2(different) / LevelBits, Levels - 1);
        int slot = (int)(deadline >> (level * LevelBits)) & SlotMask;
        _occupied[level] |= 1UL << slot;
        Append(node, (level * SlotsPerLevel) + slot);
    }

    private bool TryFindNextSlot(out long tick, out int ring)
    {
        for (int level = 0; level < Levels; level++)
        {
            ulong occupied = _occupied[level];
            if (occupied == 0)
            {
                continue;
            }

            int shift = level * LevelBits;
            int nowSlot = (int)(_elapsedTick >> shift) & SlotMask;
            int slot = (nowSlot + BitOperations.TrailingZeroCount(BitOperations.RotateRight(occupied, nowSlot))) & SlotMask;
            long levelSpan = 1L << (shift + LevelBits);
            tick = (_elapsedTick & ~(levelSpan - 1)) + ((long)slot << shift);
            if (slot < nowSlot || (slot == nowSlot && level == Levels - 1 && tick <= _elapsedTick))
            {
                // Only the top level wraps round.
                tick += levelSpan;
            }

            ring = (level * SlotsPerLevel) + slot;
            return true;
        }

        tick = Never;
        ring = -1;
        return false;
    }

    private void Append(TimerNode node, int ring)
    {
        TimerNode head = _rings[ring];
        TimerNode last = head.Previous!;
        node.Ring = ring;
        node.Previous = last;
        node.Next = head;
        last.Next = node;
        head.Previous = node;
    }

    private void Unlink(TimerNode node)
    {
        TimerNode previous = node.Previous!;
        TimerNode next = node.Next!;
        previous.Next = next;
        next.Previous = previous;
        node.Next = null;
        node.Previous = null;
        if (previous == next && node.Ring < DueRing)
        {
            // Both neighbours are the head: the slot is empty now.
            _occupied[node.Ring >> LevelBits] &= ~(1UL << (node.Ring & SlotMask));
        }
    }

    /// <summary>Head of a circular list, so that unlinking needs no case distinction.</summary>
    private sealed class RingHead : TimerNode
    {
        public RingHead()
        {
            Next = this;
            Previous = this;
        }

        public bool IsEmpty => Next == this;

        public TimerNode First => Next!;

        protected internal override void OnFired() => throw new UnreachableException();
    }
}
