using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2.Harness;

/// <summary>
/// What a codec wrote, a line a frame: <c>SETTINGS</c>, <c>HEADERS 1 end | :status: 200</c>, <c>DATA 1 end hello</c>,
/// <c>RST_STREAM 1 StreamClosed</c>, <c>GOAWAY 1 ProtocolError</c>. Keeps the compression state between calls.
/// </summary>
internal sealed class OutputText
{
    private readonly HpackDecoder _decoder = new();
    private readonly List<byte> _block = [];
    private readonly HashSet<uint> _hasHead = [];

    /// <summary>What the first block of a stream is: a server writes responses.</summary>
    public MessageKind HeadKind { get; init; } = MessageKind.Response;

    public List<string> Describe(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        if (bytes.StartsWith(Http2Preface.Bytes))
        {
            bytes = bytes[Http2Preface.Bytes.Length..];
        }

        foreach (Http2Frame frame in Http2Frame.ReadAll(bytes))
        {
            lines.Add(Line(frame));
        }

        return lines;
    }

    private static string Code(Http2Frame frame, int offset) =>
        ((Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(frame.Payload.AsSpan(offset))).ToString();

    private string Line(Http2Frame frame)
    {
        string end = (frame.Flags & FrameFlags.EndStream) != 0 ? " end" : string.Empty;
        string ack = (frame.Flags & FrameFlags.Ack) != 0 ? " ack" : string.Empty;
        switch (frame.Type)
        {
            case FrameType.Data:
                string text = Encoding.Latin1.GetString(frame.Payload);
                return $"DATA {frame.StreamId}{end} {(text.Length > 40 ? text.Length + " bytes" : text)}";
            case FrameType.Headers:
                _block.Clear();
                return $"HEADERS {frame.StreamId}{end}{Fields(frame)}";
            case FrameType.Continuation:
                return $"CONTINUATION {frame.StreamId}{Fields(frame)}";
            case FrameType.RstStream:
                return $"RST_STREAM {frame.StreamId} {Code(frame, 0)}";
            case FrameType.GoAway:
                return $"GOAWAY {BinaryPrimitives.ReadUInt32BigEndian(frame.Payload)} {Code(frame, 4)}";
            case FrameType.WindowUpdate:
                return $"WINDOW_UPDATE {frame.StreamId} {BinaryPrimitives.ReadUInt32BigEndian(frame.Payload)}";
            default:
                return frame.Type.ToString().ToUpperInvariant() + ack;
        }
    }

    private string Fields(Http2Frame frame)
    {
        _block.AddRange(frame.Payload);
        if ((frame.Flags & FrameFlags.EndHeaders) == 0)
        {
            return " ...";
        }

        byte[] block = [.. _block];
        MessageKind kind = _hasHead.Add(frame.StreamId) || HeadKind == MessageKind.Response ? HeadKind : MessageKind.RequestTrailers;
        if (kind == MessageKind.Response && block.Length > 0 && !StartsWithStatus(block[SizeUpdateBytes(block)]))
        {
            kind = MessageKind.ResponseTrailers;
        }

        string? fields = HpackText.Decode(_decoder, block, kind);
        return " | " + (fields ?? "COMPRESSION ERROR").TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal);
    }

    private static int SizeUpdateBytes(byte[] block)
    {
        int at = 0;
        while ((block[at] & 0xe0) == 0x20)
        {
            bool isLong = (block[at++] & 0x1f) == 0x1f;
            while (isLong && block[at++] >= 0x80)
            {
            }
        }

        return at;
    }

    /// <summary>Indexed 8 to 14, or a literal with the name of 8, in one of the three forms.</summary>
    private bool StartsWithStatus(byte first) =>
        first is (>= 0x88 and <= 0x8e) or 0x48 or 0x08 or 0x18
            || (first > 0xbd && _decoder.Table.At((first & 0x7f) - 62).Id == HeaderId.Status);
}
