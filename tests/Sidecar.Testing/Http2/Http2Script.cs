using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;

namespace Sidecar.Testing.Http2;

/// <summary>
/// What a peer says, frame by frame, well-formed or not. Header blocks are plain literals, made by hand and not by the code under
/// test. <c>new Http2Script().Preface().Settings().Get(1).ToArray()</c>.
/// </summary>
public sealed class Http2Script
{
    private readonly List<byte> _bytes = [];

    /// <summary>Bytes so far.</summary>
    public int Length => _bytes.Count;

    /// <summary>A header block of literals without indexing, from <c>name: value</c> lines; a name may start with a colon.</summary>
    public static byte[] Block(params string[] lines)
    {
        var block = new List<byte>();
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', 1);
            block.Add(0);
            AddString(block, colon < 0 ? line : line[..colon]);
            AddString(block, colon < 0 ? string.Empty : line[(colon + 1)..].TrimStart(' '));
        }

        return [.. block];
    }

    public byte[] ToArray() => [.. _bytes];

    public Http2Script Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public Http2Script Frame(FrameType type, FrameFlags flags, uint streamId, params byte[] payload)
    {
        Span<byte> header = stackalloc byte[FrameHeader.Bytes];
        FrameHeader.Write(header, payload.Length, type, flags, streamId);
        return Raw(header).Raw(payload);
    }

    public Http2Script Preface() => Raw(Http2Preface.Bytes);

    public Http2Script Settings(params (SettingId Id, uint Value)[] parameters)
    {
        var payload = new byte[parameters.Length * 6];
        for (int i = 0; i < parameters.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)parameters[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), parameters[i].Value);
        }

        return Frame(FrameType.Settings, FrameFlags.None, 0, payload);
    }

    public Http2Script SettingsAck() => Frame(FrameType.Settings, FrameFlags.Ack, 0);

    public Http2Script Headers(uint streamId, bool endStream, params string[] lines) =>
        Frame(FrameType.Headers, FrameFlags.EndHeaders | End(endStream), streamId, Block(lines));

    /// <summary>A small request without a body.</summary>
    public Http2Script Get(uint streamId, params string[] more) =>
        Headers(streamId, true, [":method: GET", ":scheme: http", ":path: /", ":authority: test", .. more]);

    /// <summary>The head of a request whose body follows.</summary>
    public Http2Script Post(uint streamId, params string[] more) =>
        Headers(streamId, false, [":method: POST", ":scheme: http", ":path: /", ":authority: test", .. more]);

    public Http2Script Data(uint streamId, string text, bool endStream = false) =>
        Frame(FrameType.Data, End(endStream), streamId, Encoding.Latin1.GetBytes(text));

    public Http2Script PaddedData(uint streamId, string text, byte padding, bool endStream = false) =>
        Frame(FrameType.Data, FrameFlags.Padded | End(endStream), streamId,
            [padding, .. Encoding.Latin1.GetBytes(text), .. new byte[padding]]);

    public Http2Script RstStream(uint streamId, Http2ErrorCode code) =>
        Frame(FrameType.RstStream, FrameFlags.None, streamId, UInt32((uint)code));

    public Http2Script WindowUpdate(uint streamId, uint increment) =>
        Frame(FrameType.WindowUpdate, FrameFlags.None, streamId, UInt32(increment));

    public Http2Script Ping(ulong value, bool ack = false)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(payload, value);
        return Frame(FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0, payload);
    }

    public Http2Script GoAway(uint lastStreamId, Http2ErrorCode code) =>
        Frame(FrameType.GoAway, FrameFlags.None, 0, [.. UInt32(lastStreamId), .. UInt32((uint)code)]);

    public Http2Script Priority(uint streamId, uint dependsOn = 0) =>
        Frame(FrameType.Priority, FrameFlags.None, streamId, [.. UInt32(dependsOn), 16]);

    private static FrameFlags End(bool endStream) => endStream ? FrameFlags.EndStream : FrameFlags.None;

    private static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void AddString(List<byte> block, string text)
    {
        int length = text.Length;
        if (length < 127)
        {
            block.Add((byte)length);
        }
        else
        {
            block.Add(127);
            for (length -= 127; length >= 128; length >>= 7)
            {
                block.Add((byte)((length & 127) | 128));
            }

            block.Add((byte)length);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
