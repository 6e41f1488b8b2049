using System;
using System.Buffers.Binary;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>Encodes Huffman strings (RFC 7541 section 5.2). Thread: any.</summary>
internal static class HuffmanEncoder
{
    /// <summary>Bytes that the encoded string takes, padding included.</summary>
    public static int EncodedBytes(ReadOnlySpan<byte> source)
    {
        ReadOnlySpan<byte> lengths = HuffmanCode.Lengths;
        long bits = 0;
        foreach (byte octet in source)
        {
            bits += lengths[octet];
        }

        return (int)((bits + 7) / 8);
    }

    /// <summary>Encodes; <paramref name="destination"/> has room for <see cref="EncodedBytes"/>. Returns the bytes written.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        ReadOnlySpan<byte> lengths = HuffmanCode.Lengths;
        uint[] codes = HuffmanCode.Codes;
        ulong bits = 0;
        int pending = 0;
        int written = 0;
        foreach (byte octet in source)
        {
            int length = lengths[octet];
            bits = (bits << length) | codes[octet];
            pending += length;
            if (pending >= 32)
            {
                pending -= 32;
                BinaryPrimitives.WriteUInt32BigEndian(destination[written..], (uint)(bits >> pending));
                written += 4;
            }
        }

        while (pending >= 8)
        {
            pending -= 8;
            destination[written++] = (byte)(bits >> pending);
        }

        if (pending > 0)
        {
            // Padding is the most significant bits of the end-of-string symbol: ones.
            destination[written++] = (byte)((bits << (8 - pending)) | (0xFFu >> pending));
        }

        return written;
    }
}
