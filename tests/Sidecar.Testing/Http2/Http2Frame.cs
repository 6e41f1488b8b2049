using System;
using System.Collections.Generic;
using Sidecar.Http.Http2.Frames;

namespace Sidecar.Testing.Http2;

/// <summary>One frame as a test sees it.</summary>
public sealed record Http2Frame(FrameType Type, FrameFlags Flags, uint StreamId, byte[] Payload)
{
    /// <summary>Cuts bytes into frames; a cut-off frame at the end is an error.</summary>
    public static List<Http2Frame> ReadAll(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<Http2Frame>();
        while (!bytes.IsEmpty)
        {
            FrameHeader header = FrameHeader.Read(bytes);
            frames.Add(new Http2Frame(header.Type, header.Flags, header.StreamId, bytes.Slice(FrameHeader.Bytes, header.Length).ToArray()));
            bytes = bytes[(FrameHeader.Bytes + header.Length)..];
        }

        return frames;
    }
}
