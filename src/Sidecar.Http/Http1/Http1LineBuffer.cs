using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sidecar.Core.Buffers;

namespace Sidecar.Http.Http1;

/// <summary>
/// The beginning of a line whose end has not arrived, in one piece; empty it holds nothing. The head's limit bounds it. One a codec;
/// thread: its worker.
/// </summary>
internal sealed unsafe class Http1LineBuffer(SlabPool pool)
{
    private Slab? _slab;
    private byte[]? _large;

    public int Length { get; private set; }

    public bool IsEmpty => Length == 0;

    /// <summary>First byte; stable until the next append.</summary>
    public byte* Pointer => _large is not null ? (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_large)) : _slab!.Pointer;

    /// <summary>Bytes that may be touched behind <see cref="Pointer"/>.</summary>
    public int Readable => _large is not null ? _large.Length : _slab!.Size;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        int needed = Length + bytes.Length;
        if (_large is null && needed <= pool.SlabBytes)
        {
            _slab ??= pool.Rent();
            bytes.CopyTo(_slab.Span[Length..]);
        }
        else
        {
            bytes.CopyTo(Grow(needed).AsSpan(Length));
        }

        Length = needed;
    }

    public void Clear()
    {
        _slab?.Release();
        _slab = null;
        _large = null;
        Length = 0;
    }

    /// <summary>A line longer than a slab, a cookie of many kilobytes, lives in an array of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte[] Grow(int needed)
    {
        if (_large is not null && _large.Length >= needed)
        {
            return _large;
        }

        byte[] grown = GC.AllocateUninitializedArray<byte>(Math.Max(needed, 2 * Length), pinned: true);
        Span<byte> old = _large is not null ? _large : _slab is not null ? _slab.Span : default;
        old[..Length].CopyTo(grown);
        _slab?.Release();
        _slab = null;
        _large = grown;
        return grown;
    }
}
