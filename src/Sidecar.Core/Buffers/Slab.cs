using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecar.Core.Buffers;

/// <summary>
/// A fixed block of pinned memory, counted by reference. Rented from a <see cref="SlabPool"/> with one reference; the last
/// <see cref="Release"/> gives it back. Thread: the worker that owns the pool; never crosses threads.
/// </summary>
public sealed unsafe class Slab
{
    private readonly byte[] _bytes;
    private readonly SlabPool _pool;
    private int _references;

    /// <summary>Link of the pool's free list, and of the pool's list of outstanding slabs in debug builds.</summary>
    internal Slab? NextFree;

    internal Slab(SlabPool pool, int size)
    {
        _pool = pool;
        _bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Pointer = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
    }

    /// <summary>First byte; stable for the slab's life (pinned object heap), so it may be handed to the kernel.</summary>
    public byte* Pointer { get; }

    /// <summary>Bytes.</summary>
    public int Size => _bytes.Length;

    /// <summary>The whole block, whoever wrote it.</summary>
    public Span<byte> Span => _bytes;

    /// <summary>True when the caller holds the only reference: the block may be written again.</summary>
    public bool IsExclusive => _references == 1;

    /// <summary>Adds a reference; pair with <see cref="Release"/>.</summary>
    public void Retain()
    {
        Debug.Assert(_references > 0, "retain of a slab that was already returned");
        _references++;
    }

    /// <summary>Drops a reference; the last one returns the slab to its pool, after which it must not be touched.</summary>
    public void Release()
    {
        Debug.Assert(_references > 0, "release of a slab that was already returned");
        if (--_references == 0)
        {
            _pool.Return(this);
        }
    }

    internal void MarkRented() => _references = 1;
}
