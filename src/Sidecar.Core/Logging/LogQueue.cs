using System.Numerics;
using System.Threading;

namespace Sidecar.Core.Logging;

/// <summary>
/// A bounded queue without locks for many writers and one reader at a time (slots with sequence numbers). A full queue refuses at once:
/// a worker never waits for a slow terminal. Thread: any writes; readers exclude each other.
/// </summary>
internal sealed class LogQueue
{
    private readonly Slot[] _slots;
    private readonly int _mask;
    private long _tail;
    private long _head;

    public LogQueue(int capacity)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _slots = new Slot[size];
        _mask = size - 1;
        for (int i = 0; i < size; i++)
        {
            _slots[i].Sequence = i;
        }
    }

    /// <summary>Thread: any; by the time it returns it may be otherwise.</summary>
    public bool IsEmpty
    {
        get
        {
            long head = Volatile.Read(ref _head);
            return Volatile.Read(ref _slots[head & _mask].Sequence) != head + 1;
        }
    }

    /// <summary>False when the queue is full.</summary>
    public bool TryEnqueue(in LogRecord record)
    {
        long tail = Volatile.Read(ref _tail);
        while (true)
        {
            ref Slot slot = ref _slots[tail & _mask];
            long lag = Volatile.Read(ref slot.Sequence) - tail;
            if (lag < 0)
            {
                return false;
            }

            if (lag == 0 && Interlocked.CompareExchange(ref _tail, tail + 1, tail) == tail)
            {
                slot.Record = record;
                Volatile.Write(ref slot.Sequence, tail + 1);
                return true;
            }

            tail = Volatile.Read(ref _tail);
        }
    }

    /// <summary>False when the queue is empty. One reader at a time.</summary>
    public bool TryDequeue(out LogRecord record)
    {
        ref Slot slot = ref _slots[_head & _mask];
        if (Volatile.Read(ref slot.Sequence) != _head + 1)
        {
            record = default;
            return false;
        }

        record = slot.Record;
        slot.Record = default;
        Volatile.Write(ref slot.Sequence, _head + _slots.Length);
        Volatile.Write(ref _head, _head + 1);
        return true;
    }

    private struct Slot
    {
        /// <summary>Equal to the position: free for it; one more: filled.</summary>
        public long Sequence;

        public LogRecord Record;
    }
}
