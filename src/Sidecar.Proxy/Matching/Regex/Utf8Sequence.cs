using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Matching.Regex;

/// <summary>One to four byte ranges in a row: the UTF-8 of a range of code points whose bytes vary independently.</summary>
internal readonly struct Utf8Sequence
{
    private readonly uint _low;
    private readonly uint _high;

    private Utf8Sequence(uint low, uint high, int length)
    {
        _low = low;
        _high = high;
        Length = length;
    }

    public int Length { get; }

    public (byte Low, byte High) this[int index] => ((byte)(_low >> (8 * index)), (byte)(_high >> (8 * index)));

    /// <summary>Cuts a range of code points until the bytes of each piece vary independently. Surrogates have no UTF-8.</summary>
    public static void Split(int low, int high, List<Utf8Sequence> output)
    {
        if (low > high)
        {
            return;
        }

        if (low <= 0xDFFF && high >= 0xD800)
        {
            Split(low, Math.Min(high, 0xD7FF), output);
            Split(Math.Max(low, 0xE000), high, output);
            return;
        }

        foreach (int limit in (ReadOnlySpan<int>)[0x7F, 0x7FF, 0xFFFF])
        {
            if (low <= limit && high > limit)
            {
                Split(low, limit, output);
                Split(limit + 1, high, output);
                return;
            }
        }

        int length = LengthOf(low);
        for (int i = 1; i < length; i++)
        {
            int mask = (1 << (6 * i)) - 1;
            if ((low & ~mask) == (high & ~mask))
            {
                continue;
            }

            if ((low & mask) != 0)
            {
                Split(low, low | mask, output);
                Split((low | mask) + 1, high, output);
                return;
            }

            if ((high & mask) != mask)
            {
                Split(low, (high & ~mask) - 1, output);
                Split(high & ~mask, high, output);
                return;
            }
        }

        output.Add(new Utf8Sequence(Encode(low, length), Encode(high, length), length));
    }

    private static int LengthOf(int rune) => rune switch { <= 0x7F => 1, <= 0x7FF => 2, <= 0xFFFF => 3, _ => 4 };

    /// <summary>The first byte lowest.</summary>
    private static uint Encode(int rune, int length)
    {
        if (length == 1)
        {
            return (uint)rune;
        }

        uint bytes = 0;
        for (int i = length - 1; i > 0; i--)
        {
            bytes = (bytes << 8) | 0x80 | ((uint)rune & 0x3F);
            rune >>= 6;
        }

        uint lead = length switch { 2 => 0xC0u, 3 => 0xE0u, _ => 0xF0u };
        return (bytes << 8) | lead | (uint)rune;
    }
}
