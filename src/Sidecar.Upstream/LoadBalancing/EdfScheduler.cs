using System.Diagnostics;
using Sidecar.Core.Collections;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>
/// Earliest deadline first: entry i comes up with a frequency proportional to its weight, spread evenly. A binary heap in two arrays;
/// a pick is O(log n) and allocates nothing. Thread: its worker.
/// </summary>
/// <remarks>
/// Each entry starts at a random point of its first period, so that workers (and proxies) that got the same hosts at the same moment do
/// not send their first requests to the same ones.
/// </remarks>
internal sealed class EdfScheduler
{
    private readonly Entry[] _heap;
    private uint _order;

    /// <param name="weights">Entries of weight 0 are never picked.</param>
    /// <param name="random">For the starting points.</param>
    public EdfScheduler(double[] weights, FastRandom random)
    {
        int count = 0;
        foreach (double weight in weights)
        {
            count += weight > 0 ? 1 : 0;
        }

        _heap = new Entry[count];
        for (int i = 0, next = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0)
            {
                _heap[next++] = new Entry { Index = i, Deadline = random.NextDouble() / weights[i], Order = _order++ };
            }
        }

        for (int i = (count / 2) - 1; i >= 0; i--)
        {
            SiftDown(i);
        }
    }

    /// <summary>True when no entry has a weight.</summary>
    public bool IsEmpty => _heap.Length == 0;

    /// <summary>The entry whose turn it is; <see cref="Reschedule"/> must follow. Not when empty.</summary>
    public int Peek() => _heap[0].Index;

    /// <summary>Puts the entry that <see cref="Peek"/> returned back with its weight as of now.</summary>
    public void Reschedule(double weight)
    {
        Debug.Assert(weight > 0, "an entry keeps a positive weight");
        ref Entry top = ref _heap[0];
        top.Deadline += 1 / weight;
        top.Order = _order++;
        SiftDown(0);
    }

    private void SiftDown(int at)
    {
        Entry entry = _heap[at];
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= _heap.Length)
            {
                break;
            }

            if (child + 1 < _heap.Length && _heap[child + 1].IsBefore(in _heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsBefore(in entry))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = entry;
    }

    private struct Entry
    {
        public double Deadline;
        public int Index;

        /// <summary>Among equal deadlines the one that waits longest is first.</summary>
        public uint Order;

        public readonly bool IsBefore(in Entry other) =>
            Deadline < other.Deadline || (Deadline == other.Deadline && (int)(Order - other.Order) < 0);
    }
}
