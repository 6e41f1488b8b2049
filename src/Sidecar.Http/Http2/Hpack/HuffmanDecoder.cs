using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// Decodes Huffman strings (RFC 7541 section 5.2): one look-up in a 2 KiB table a symbol for codes of up to ten bits (all letters,
/// digits and common punctuation), a search by code length for the rest. Thread: any.
/// </summary>
internal static class HuffmanDecoder
{
    private const int TableBits = 10;

    /// <summary>By the next ten bits: symbol in the low byte, code length in the high one; 0 for a longer code.</summary>
    private static readonly ushort[] s_table = BuildTable();

    /// <summary>Most bytes that an encoded string of this length can decode to: the shortest code has five bits.</summary>
    public static int MaxDecodedBytes(int encodedBytes) => (int)((long)encodedBytes * 8 / HuffmanCode.MinLength);

    /// <summary>
    /// Decodes into <paramref name="destination"/>, which has room for <see cref="MaxDecodedBytes"/>. False for an encoding error:
    /// the end-of-string symbol, or padding that is not the most significant bits of it or longer than seven bits.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        ref ushort table = ref MemoryMarshal.GetArrayDataReference(s_table);
        ulong bits = 0;
        int available = 0;
        int position = 0;
        int count = 0;
        while (true)
        {
            // Refill: the unread bits stand at the top of the word.
            if (source.Length - position >= 8)
            {
                ulong next = BinaryPrimitives.ReadUInt64BigEndian(source[position..]);
                bits |= next >> available;
                int taken = (63 - available) >> 3;
                position += taken;
                available += taken * 8;
            }
            else
            {
                while (available <= 56 && position < source.Length)
                {
                    bits |= (ulong)source[position++] << (56 - available);
                    available += 8;
                }
            }

            if (available < HuffmanCode.MaxLength && position == source.Length)
            {
                break;
            }

            while (available >= HuffmanCode.MaxLength)
            {
                int entry = Unsafe.Add(ref table, (int)(bits >> (64 - TableBits)));
                int length = entry >> 8;
                int symbol = entry & 0xFF;
                if (entry == 0 && !TryDecodeLong((uint)(bits >> 32), out symbol, out length))
                {
                    written = 0;
                    return false;
                }

                destination[count++] = (byte)symbol;
                bits <<= length;
                available -= length;
            }
        }

        return TryDecodeTail(bits, available, destination, count, out written);
    }

    /// <summary>Fewer bits than the longest code are left: each symbol must fit into them, and what remains must be padding.</summary>
    private static bool TryDecodeTail(ulong bits, int available, Span<byte> destination, int count, out int written)
    {
        written = 0;
        while (available > 0)
        {
            // Ones beyond the end look like padding to the table and can never complete a code.
            ulong padded = bits | (ulong.MaxValue >> available);
            int entry = s_table[(int)(padded >> (64 - TableBits))];
            int length = entry >> 8;
            int symbol = entry & 0xFF;
            if (entry == 0 && !TryDecodeLong((uint)(padded >> 32), out symbol, out length))
            {
                length = HuffmanCode.MaxLength;
            }

            if (length > available)
            {
                break;
            }

            destination[count++] = (byte)symbol;
            bits <<= length;
            available -= length;
        }

        if (available > 7 || (available > 0 && bits >> (64 - available) != (1UL << available) - 1))
        {
            return false;
        }

        written = count;
        return true;
    }

    /// <summary>A code of more than ten bits; false for the end-of-string symbol.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryDecodeLong(uint top, out int symbol, out int length)
    {
        length = TableBits + 1;
        while (top >= HuffmanCode.FirstCode[length + 1] && length < HuffmanCode.MaxLength)
        {
            length++;
        }

        int index = HuffmanCode.FirstSymbol[length] + (int)((top - HuffmanCode.FirstCode[length]) >> (32 - length));
        symbol = HuffmanCode.SymbolsByCode[index];
        return symbol != HuffmanCode.EndOfString;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[1 << TableBits];
        for (int symbol = 0; symbol < HuffmanCode.EndOfString; symbol++)
        {
            int length = HuffmanCode.Lengths[symbol];
            if (length > TableBits)
            {
                continue;
            }

            int first = (int)(HuffmanCode.Codes[symbol] << (TableBits - length));
            table.AsSpan(first, 1 << (TableBits - length)).Fill((ushort)((length << 8) | symbol));
        }

        return table;
    }
}
