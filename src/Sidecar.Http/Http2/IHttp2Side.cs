using System;
using Sidecar.Core.Errors;

namespace Sidecar.Http.Http2;

/// <summary>What a server and a client do differently on the same connection; implemented by the two codecs. Thread: the worker.</summary>
internal interface IHttp2Side
{
    /// <summary>A complete header block; it must be decoded whatever becomes of it.</summary>
    public ErrorDetail? OnHeaderBlock(uint streamId, bool endStream, ReadOnlySpan<byte> block);

    /// <summary>The peer will process no stream above this id that we open.</summary>
    public void OnGoAway(uint lastStreamId);

    /// <summary>The peer's SETTINGS have been applied.</summary>
    public void OnPeerSettings();

    /// <summary>A stream was closed and has been recycled; the connection is between two calls.</summary>
    public void OnStreamRecycled();
}
