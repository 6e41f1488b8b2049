using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// Decodes Huffman strings (RFC 7541 section 5.2): a look-up by the next twelve bits gives one symbol or two (most letters and digits
/// have five or six bits); longer codes are searched by their length. Thread: any.
/// </summary>
internal static class HuffmanDecoder
{
    private const int TableBits = 12;

    /// <summary>
    /// By the next twelve bits: first and second symbol in a byte each, then the bits of all symbols (5), the bits of the first (5) and,
    /// from bit 28, how many symbols there are. 0 for a longer code.
    /// </summary>
    private static readonly uint[] s_table = BuildTable();

    /// <summary>Most bytes that an encoded string of this length can decode to: the shortest code has five bits.</summary>
    public static int MaxDecodedBytes(int encodedBytes) => (int)((long)encodedBytes * 8 / HuffmanCode.MinLength);

    /// <summary>
    /// Decodes into <paramref name="destination"/>, which has room for <see cref="MaxDecodedBytes"/>. False for an encoding error:
    /// the end-of-string symbol, or padding that is not the most significant bits of it or longer than seven bits.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        ref uint table = ref MemoryMarshal.GetArrayDataReference(s_table);
        ref byte output = ref MemoryMarshal.GetReference(destination);
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
                uint entry = Unsafe.Add(ref table, (int)(bits >> (64 - TableBits)));
                int length;
                if (entry != 0 && count < destination.Length - 1)
                {
                    // Both bytes are stored; the second is overwritten when it is none.
                    Unsafe.WriteUnaligned(ref Unsafe.Add(ref output, count), (ushort)entry);
                    count += (int)(entry >> 28);
                    length = (int)(entry >> 16) & 31;
                }
                else if (entry != 0 || TryDecodeLong((uint)(bits >> 32), out entry))
                {
                    destination[count++] = (byte)entry;
                    length = FirstLength(entry);
                }
                else
                {
                    written = 0;
                    return false;
                }

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
            uint entry = s_table[(int)(padded >> (64 - TableBits))];
            if (entry == 0 && !TryDecodeLong((uint)(padded >> 32), out entry))
            {
                break;
            }

            int length = FirstLength(entry);
            if (length > available)
            {
                break;
            }

            destination[count++] = (byte)entry;
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

    private static int FirstLength(uint entry) => (int)(entry >> 21) & 31;

    /// <summary>A code of more than twelve bits, in the table's form; false for the end-of-string symbol.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryDecodeLong(uint top, out uint entry)
    {
        int length = TableBits + 1;
        while (top >= HuffmanCode.FirstCode[length + 1] && length < HuffmanCode.MaxLength)
        {
            length++;
        }

        int index = HuffmanCode.FirstSymbol[length] + (int)((top - HuffmanCode.FirstCode[length]) >> (32 - length));
        int symbol = HuffmanCode.SymbolsByCode[index];
        entry = Entry(symbol, 0, length, length, 1);
        return symbol != HuffmanCode.EndOfString;
    }

    private static uint Entry(int first, int second, int length, int firstLength, int count) =>
        (byte)first | ((uint)second << 8) | ((uint)length << 16) | ((uint)firstLength << 21) | ((uint)count << 28);

    private static uint[] BuildTable()
    {
        var table = new uint[1 << TableBits];
        for (int symbol = 0; symbol < HuffmanCode.EndOfString; symbol++)
        {
            int length = HuffmanCode.Lengths[symbol];
            if (length > TableBits)
            {
                continue;
            }

            int first = (int)(HuffmanCode.Codes[symbol] << (TableBits - length));
            int rest = TableBits - length;
            table.AsSpan(first, 1 << rest).Fill(Entry(symbol, 0, length, length, 1));
            for (int next = 0; next < HuffmanCode.EndOfString; next++)
            {
                int nextLength = HuffmanCode.Lengths[next];
                if (nextLength <= rest)
                {
                    int second = first + (int)(HuffmanCode.Codes[next] << (rest - nextLength));
                    table.AsSpan(second, 1 << (rest - nextLength)).Fill(Entry(symbol, next, length + nextLength, length, 2));
                }
            }
        }

        return table;
    }
}
