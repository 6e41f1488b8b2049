using System;
using System.Buffers.Binary;

namespace Sidecar.Http.Http2.Frames;

/// <summary>The nine bytes before every payload (RFC 9113 section 4.1).</summary>
public readonly struct FrameHeader
{
    /// <summary>Bytes on the wire.</summary>
    public const int Bytes = 9;

    /// <summary>Largest payload taken and sent: the RFC's initial SETTINGS_MAX_FRAME_SIZE, which nobody need raise.</summary>
    public const int MaxPayloadBytes = 16_384;

    /// <summary>Stream ids have 31 bits.</summary>
    public const uint MaxStreamId = 0x7FFF_FFFF;

    public FrameHeader(int length, FrameType type, FrameFlags flags, uint streamId)
    {
        Length = length;
        Type = type;
        Flags = flags;
        StreamId = streamId;
    }

    /// <summary>Payload bytes.</summary>
    public int Length { get; }

    public FrameType Type { get; }

    public FrameFlags Flags { get; }

    public uint StreamId { get; }

    public bool EndStream => (Flags & FrameFlags.EndStream) != 0;

    public bool EndHeaders => (Flags & FrameFlags.EndHeaders) != 0;

    public bool Padded => (Flags & FrameFlags.Padded) != 0;

    /// <summary>Reads nine bytes; the reserved bit is ignored.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        ulong head = BinaryPrimitives.ReadUInt64BigEndian(source);
        uint streamId = ((uint)head << 8 | source[8]) & MaxStreamId;
        return new FrameHeader((int)(head >> 40), (FrameType)(byte)(head >> 32), (FrameFlags)(byte)(head >> 24), streamId);
    }

    /// <summary>Writes nine bytes.</summary>
    public static void Write(Span<byte> destination, int length, FrameType type, FrameFlags flags, uint streamId)
    {
        destination[8] = (byte)streamId;
        ulong head = ((ulong)(uint)length << 40) | ((ulong)type << 32) | ((ulong)flags << 24) | (streamId >> 8);
        BinaryPrimitives.WriteUInt64BigEndian(destination, head);
    }
}
