using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecar.Core.Stats;

/// <summary>
/// One thread's slots for every stat: an increment is one add to memory that only this thread writes. The main thread reads it
/// without a lock (aligned 64-bit words) when it merges. The region is reserved once and never moves; pages that no stat touches
/// are never resident. Thread: its owner writes; main reads.
/// </summary>
public sealed unsafe class StatSheet
{
    /// <summary>Slots reserved: address space, not memory.</summary>
    public const int Capacity = 16 * 1024 * 1024;

    private readonly long* _slots;
    private readonly Stack<int> _freeHandles = new();
    private Histogram?[] _histograms = [];
    private int _histogramCount;

    public StatSheet(string owner)
    {
        Owner = owner;
        // calloc of this size is a fresh private mapping: zero pages appear when first written.
        _slots = (long*)NativeMemory.AllocZeroed(Capacity, sizeof(long));
    }

    /// <summary>The thread's name, e.g. <c>main</c>, <c>worker_0</c>.</summary>
    public string Owner { get; }

    /// <summary>The slots of one instance of a table. Thread: the owner.</summary>
    public StatBlock Block(StatRange range)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.Start + range.Length, Capacity);
        return new StatBlock(this, _slots + range.Start, range.Length);
    }

    /// <summary>A slot's value; for histograms the handle. Thread: any (main while merging).</summary>
    public long Read(int slot) => Volatile(_slots + slot);

    /// <summary>The histogram behind a slot, or null when this thread never recorded into it. Thread: any (main while merging).</summary>
    public Histogram? HistogramAt(int slot)
    {
        long handle = Volatile(_slots + slot);
        Histogram?[] histograms = System.Threading.Volatile.Read(ref _histograms);
        return handle > 0 && handle <= histograms.Length ? histograms[handle - 1] : null;
    }

    /// <summary>
    /// Zeroes the slots of a released instance and drops its histograms. Thread: the owner, after the grace period, before
    /// <see cref="StatStore.Recycle"/>.
    /// </summary>
    public void Clear(StatStore.Instance instance)
    {
        StatRange range = instance.Range;
        for (int i = 0; i < range.Length; i++)
        {
            long* slot = _slots + range.Start + i;
            if (*slot == 0)
            {
                continue;
            }

            if (instance.Table.Definitions[i].Kind == StatKind.Histogram)
            {
                _histograms[*slot - 1] = null;
                _freeHandles.Push((int)*slot);
            }

            *slot = 0;
        }
    }

    /// <summary>As <see cref="Clear(StatStore.Instance)"/> for slots of <see cref="StatStore.Reserve"/>, which hold no histograms.</summary>
    public void Clear(StatRange range)
    {
        for (int i = 0; i < range.Length; i++)
        {
            _slots[range.Start + i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Histogram Attach(long* slot)
    {
        Debug.Assert(*slot == 0, "one histogram a slot");
        if (!_freeHandles.TryPop(out int handle))
        {
            handle = ++_histogramCount;
        }

        if (handle > _histograms.Length)
        {
            var grown = new Histogram?[Math.Max(16, _histograms.Length * 2)];
            _histograms.CopyTo(grown, 0);
            System.Threading.Volatile.Write(ref _histograms, grown);
        }

        var histogram = new Histogram();
        _histograms[handle - 1] = histogram;
        System.Threading.Volatile.Write(ref *slot, handle);
        return histogram;
    }

    internal Histogram HistogramByHandle(long handle) => _histograms[handle - 1]!;

    private static long Volatile(long* p) => System.Threading.Volatile.Read(ref *p);
}
