using System;
using Sidecar.Core;
using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Http2.Streams;

/// <summary>
/// What the HTTP/2 connections of one worker share, so that an idle one stays small: recycled streams, and the scratch that a header
/// block needs while it is decoded or encoded in one go. Thread: its worker.
/// </summary>
public sealed class Http2StreamPool
{
    private const int MaxFreeStreams = 1024;
    private const int MaxFreeMaps = 16;
    private const int KeepScratchBytes = 64 * 1024;

    private readonly WorkerMemory _memory;
    private readonly HeaderMap?[] _freeMaps = new HeaderMap?[MaxFreeMaps];
    private Http2Stream? _free;
    private byte[] _scratch = [];
    private int _freeMapCount;

    public Http2StreamPool(WorkerMemory memory) => _memory = memory;

    /// <summary>Streams in use by connections.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Idle streams kept.</summary>
    public int FreeCount { get; private set; }

    internal HeaderBlockBuilder Builder { get; } = new();

    /// <summary>Where blocks are decoded that nobody wants.</summary>
    internal HeaderMap DiscardMap { get; } = new();

    /// <summary>For a head that is rewritten before it is encoded.</summary>
    internal HeaderMap RewriteMap { get; } = new();

    internal Http2Stream Rent()
    {
        Outstanding++;
        Http2Stream? stream = _free;
        if (stream is null)
        {
            return new Http2Stream(new BufferChain(_memory.Slabs));
        }

        _free = stream.NextFree;
        stream.NextFree = null;
        FreeCount--;
        return stream;
    }

    internal void Return(Http2Stream stream)
    {
        Outstanding--;
        if (FreeCount < MaxFreeStreams)
        {
            stream.NextFree = _free;
            _free = stream;
            FreeCount++;
        }
    }

    /// <summary>An empty map, for trailers that wait behind data.</summary>
    internal HeaderMap RentMap()
    {
        if (_freeMapCount == 0)
        {
            return new HeaderMap();
        }

        HeaderMap map = _freeMaps[--_freeMapCount]!;
        _freeMaps[_freeMapCount] = null;
        return map;
    }

    internal void ReturnMap(HeaderMap map)
    {
        if (_freeMapCount < MaxFreeMaps)
        {
            map.Clear();
            _freeMaps[_freeMapCount++] = map;
        }
    }

    /// <summary>Bytes for a header block; valid until the next call.</summary>
    internal Span<byte> Scratch(int bytes)
    {
        if (_scratch.Length < bytes || (_scratch.Length > KeepScratchBytes && bytes <= KeepScratchBytes))
        {
            _scratch = new byte[Math.Max(bytes, KeepScratchBytes)];
        }

        return _scratch.AsSpan(0, bytes);
    }
}
