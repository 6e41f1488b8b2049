using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sidecar.Config.Schema;

/// <summary>A growing buffer in which a message is written field by field; nested messages are written in place.</summary>
public sealed class WireBuffer
{
    private byte[] _bytes = new byte[256];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Drops what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    public void WriteTag(int number, WireType type) => WriteVarint(((ulong)(uint)number << 3) | (byte)type);

    public void WriteVarint(ulong value)
    {
        Span<byte> target = Reserve(10);
        int count = 0;
        while (value >= 0x80)
        {
            target[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[count++] = (byte)value;
        Length += count;
    }

    public void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    /// <summary>Writes a length and the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes a length and the text as UTF-8.</summary>
    public void WriteString(string text)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        WriteVarint((ulong)count);
        Encoding.UTF8.GetBytes(text, Reserve(count));
        Length += count;
    }

    /// <summary>Starts a length-delimited payload; the result is handed to <see cref="EndNested"/>.</summary>
    public int BeginNested() => Length;

    /// <summary>Puts the length in front of what was written since <paramref name="start"/>.</summary>
    public void EndNested(int start)
    {
        int payload = Length - start;
        int prefix = Math.Max(1, (38 - BitOperations.LeadingZeroCount((uint)payload)) / 7);
        Reserve(prefix);
        _bytes.AsSpan(start, payload).CopyTo(_bytes.AsSpan(start + prefix));
        Length = start;
        WriteVarint((ulong)payload);
        Length = start + prefix + payload;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
