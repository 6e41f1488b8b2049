using System;
using System.Buffers.Binary;

namespace Sidecar.Config.Schema;

/// <summary>How a field is laid out on the wire; values are those of the protobuf encoding.</summary>
public enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>
/// Reads the protobuf encoding from borrowed bytes. Never throws: a malformed message makes <see cref="TryReadField"/> return false
/// with <see cref="IsMalformed"/> set.
/// </summary>
public ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    public WireReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        Position = 0;
    }

    /// <summary>Offset of the next unread byte.</summary>
    public int Position { get; private set; }

    /// <summary>True once the bytes proved not to be a protobuf message.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>
    /// Reads the next field; false at the end of the bytes or when they are malformed. Groups are malformed: proto3 has none.
    /// </summary>
    public bool TryReadField(out WireField field)
    {
        field = default;
        if (IsMalformed || Position >= _bytes.Length)
        {
            return false;
        }

        if (!TryReadVarint(out ulong tag) || tag >> 3 is 0 or > 0x1FFF_FFFF)
        {
            return Fail();
        }

        int number = (int)(tag >> 3);
        WireType type = (WireType)(tag & 7);
        switch (type)
        {
            case WireType.Varint:
                int start = Position;
                if (!TryReadVarint(out ulong value))
                {
                    return Fail();
                }

                field = new WireField(number, type, start, Position - start, value);
                return true;
            case WireType.Fixed64 when Position + 8 <= _bytes.Length:
                field = new WireField(number, type, Position, 8, BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Position..]));
                Position += 8;
                return true;
            case WireType.Fixed32 when Position + 4 <= _bytes.Length:
                field = new WireField(number, type, Position, 4, BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Position..]));
                Position += 4;
                return true;
            case WireType.LengthDelimited when TryReadVarint(out ulong length) && length <= (ulong)(_bytes.Length - Position):
                field = new WireField(number, type, Position, (int)length, 0);
                Position += (int)length;
                return true;
            default:
                return Fail();
        }
    }

    /// <summary>Reads one varint of at most ten bytes.</summary>
    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _bytes.Length)
            {
                return Fail();
            }

            byte b = _bytes[Position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return Fail();
    }

    private bool Fail()
    {
        IsMalformed = true;
        return false;
    }
}

/// <summary>One field met on the wire: its number, its type and where its payload lies in the bytes that were read.</summary>
/// <param name="Number">The field number.</param>
/// <param name="Type">The wire type.</param>
/// <param name="Offset">Offset of the payload from the start of the message.</param>
/// <param name="Length">Length of the payload in bytes.</param>
/// <param name="Value">The value of a varint or fixed field, as bits.</param>
public readonly record struct WireField(int Number, WireType Type, int Offset, int Length, ulong Value)
{
    /// <summary>The payload of this field within its message.</summary>
    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> message) => message.Slice(Offset, Length);
}
