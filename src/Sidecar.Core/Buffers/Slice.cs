using System;

namespace Sidecar.Core.Buffers;

/// <summary>
/// Bytes inside a slab. Passing one lends it for the call; whoever keeps it calls <see cref="Slab.Retain"/> (or appends it to a
/// <see cref="BufferChain"/>, which does so or copies).
/// </summary>
public readonly struct Slice
{
    public Slice(Slab slab, int offset, int length)
    {
        Slab = slab;
        Offset = offset;
        Length = length;
    }

    public Slab Slab { get; }

    public int Offset { get; }

    /// <summary>Bytes.</summary>
    public int Length { get; }

    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<byte> Span => Length == 0 ? default : Slab.Span.Slice(Offset, Length);

    /// <summary>The part that starts at <paramref name="start"/>; no reference is taken.</summary>
    public Slice From(int start) => new(Slab, Offset + start, Length - start);

    /// <summary>A part; no reference is taken.</summary>
    public Slice Part(int start, int length) => new(Slab, Offset + start, length);
}
