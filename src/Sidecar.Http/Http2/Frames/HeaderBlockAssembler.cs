using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2.Frames;

/// <summary>
/// Joins a header block that HEADERS did not complete with its CONTINUATION frames, within bounds of bytes and of frames: a peer that
/// never ends its block loses the connection, not our memory. Thread: the worker.
/// </summary>
internal sealed class HeaderBlockAssembler
{
    private const int MinContinuations = 8;

    private readonly SlabPool _slabs;
    private readonly int _maxBytes;
    private readonly int _maxContinuations;
    private BufferChain? _block;
    private int _continuations;

    public HeaderBlockAssembler(SlabPool slabs, int maxHeadersBytes)
    {
        _slabs = slabs;

        // A block within the header limits is rarely longer compressed than not.
        _maxBytes = maxHeadersBytes + FrameHeader.MaxPayloadBytes;
        _maxContinuations = MinContinuations + (2 * maxHeadersBytes / FrameHeader.MaxPayloadBytes);
    }

    /// <summary>The stream whose block is incomplete, 0 when none is.</summary>
    public uint StreamId { get; private set; }

    /// <summary>The END_STREAM flag of the block's HEADERS frame.</summary>
    public bool EndStream { get; private set; }

    /// <summary>HEADERS without END_HEADERS.</summary>
    public void Begin(uint streamId, bool endStream, ReadOnlySpan<byte> fragment)
    {
        StreamId = streamId;
        EndStream = endStream;
        _continuations = 0;
        _block ??= new BufferChain(_slabs);
        _block.Append(fragment);
    }

    /// <summary>CONTINUATION.</summary>
    public ErrorDetail? Add(ReadOnlySpan<byte> fragment)
    {
        _continuations++;
        if (_continuations > _maxContinuations || _block!.Length + fragment.Length > _maxBytes)
        {
            return Http2Errors.ContinuationFlood;
        }

        _block.Append(fragment);
        return null;
    }

    /// <summary>END_HEADERS has come: the whole block, in the pool's scratch. Nothing is open afterwards.</summary>
    public ReadOnlySpan<byte> Take(Http2StreamPool pool)
    {
        Span<byte> block = pool.Scratch((int)_block!.Length);
        _block.Peek(0, block);
        Release();
        return block;
    }

    public void Release()
    {
        StreamId = 0;
        _block?.Clear();
    }
}
