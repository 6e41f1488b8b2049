using System;
using System.Text;
using Sidecar.Core;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;

namespace Sidecar.Testing.Codec;

/// <summary>
/// A connection made of arrays: bytes are fed to the codec as lent slices (poisoned after the call in debug builds, so a codec that
/// keeps one is caught) and what it writes is taken as bytes. One thread.
/// </summary>
public sealed class FakeCodecTransport : CodecTransport
{
    public FakeCodecTransport()
        : this(new WorkerMemory())
    {
    }

    public FakeCodecTransport(WorkerMemory memory)
    {
        Memory = memory;
        Output = new BufferChain(memory.Slabs);
    }

    public override BufferChain Output { get; }

    public override WorkerMemory Memory { get; }

    public override long NowNs => CurrentNs;

    /// <summary>The clock, in nanoseconds; tests set it.</summary>
    public long CurrentNs { get; set; } = 1_000_000_000;

    /// <summary>How often the codec said that output grew.</summary>
    public int OutputWrittenCalls { get; private set; }

    /// <summary>Positive: the codec does not want to read.</summary>
    public int ReadDisableCount { get; private set; }

    public override void OutputWritten() => OutputWrittenCalls++;

    public override void ReadDisable(bool disable)
    {
        ReadDisableCount += disable ? 1 : -1;
        if (ReadDisableCount < 0)
        {
            throw new InvalidOperationException("read enabled more often than disabled");
        }
    }

    /// <summary>Feeds bytes to a server codec as one slice.</summary>
    public ErrorDetail? Feed(ServerCodec codec, ReadOnlySpan<byte> bytes)
    {
        Slab slab = Lend(bytes);
        ErrorDetail? error = codec.OnData(new Slice(slab, 0, bytes.Length));
        slab.Release();
        return error;
    }

    /// <summary>Feeds bytes to a client codec as one slice.</summary>
    public ErrorDetail? Feed(ClientCodec codec, ReadOnlySpan<byte> bytes)
    {
        Slab slab = Lend(bytes);
        ErrorDetail? error = codec.OnData(new Slice(slab, 0, bytes.Length));
        slab.Release();
        return error;
    }

    /// <summary>Feeds Latin-1 text to a server codec.</summary>
    public ErrorDetail? Feed(ServerCodec codec, string text) => Feed(codec, Encoding.Latin1.GetBytes(text));

    /// <summary>Feeds Latin-1 text to a client codec.</summary>
    public ErrorDetail? Feed(ClientCodec codec, string text) => Feed(codec, Encoding.Latin1.GetBytes(text));

    /// <summary>Lends body bytes to a sender as one slice.</summary>
    public void EncodeData(StreamSender sender, ReadOnlySpan<byte> bytes, bool endStream)
    {
        Slab slab = Lend(bytes);
        sender.EncodeData(new Slice(slab, 0, bytes.Length), endStream);
        slab.Release();
    }

    /// <summary>Everything written since the last call; the output is empty afterwards.</summary>
    public byte[] TakeOutput()
    {
        var bytes = new byte[Output.Length];
        Output.Peek(0, bytes);
        Output.Drain(Output.Length);
        return bytes;
    }

    /// <summary>The same as Latin-1 text.</summary>
    public string TakeOutputText() => Encoding.Latin1.GetString(TakeOutput());

    private Slab Lend(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > SlabPool.ReceiveSlabBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), "a slice fits one receive slab");
        }

        Slab slab = Memory.ReceiveSlabs.Rent();
        bytes.CopyTo(slab.Span);
        return slab;
    }
}
