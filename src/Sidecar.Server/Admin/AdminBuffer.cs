using System;
using System.Buffers;
using Sidecar.Core.Buffers;

namespace Sidecar.Server.Admin;

/// <summary>
/// The bytes of a response that were written and not yet sent: a writer over a chain of slabs. JSON writers want contiguous memory of
/// any size, which a slab cannot promise, so they write to a scratch array that is copied. Thread: main.
/// </summary>
public sealed class AdminBuffer : IBufferWriter<byte>
{
    private const int ScratchBytes = 4096;

    private byte[] _scratch = [];

    public AdminBuffer(SlabPool slabs) => Chain = new BufferChain(slabs);

    /// <summary>What was written; its reader moves it out.</summary>
    public BufferChain Chain { get; }

    public void Advance(int count)
    {
        Chain.Append(_scratch.AsSpan(0, count));
        if (_scratch.Length > 16 * ScratchBytes)
        {
            _scratch = [];
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_scratch.Length < Math.Max(1, sizeHint))
        {
            _scratch = new byte[Math.Max(sizeHint, ScratchBytes)];
        }

        return _scratch;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
