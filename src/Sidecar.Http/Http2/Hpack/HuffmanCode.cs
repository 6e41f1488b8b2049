using System;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// The static Huffman code of RFC 7541 appendix B. It is canonical (codes of one length ascend with the symbol), so the lengths are
/// the whole table. Immutable; thread: any.
/// </summary>
internal static class HuffmanCode
{
    /// <summary>Octets and the end-of-string symbol.</summary>
    public const int SymbolCount = 257;

    /// <summary>Symbol 256, which must not be encoded (RFC 7541 section 5.2).</summary>
    public const int EndOfString = 256;

    public const int MinLength = 5;

    public const int MaxLength = 30;

    /// <summary>Code by octet, right-aligned.</summary>
    public static readonly uint[] Codes = new uint[SymbolCount];

    /// <summary>Symbols in the order of their codes.</summary>
    public static readonly ushort[] SymbolsByCode = new ushort[SymbolCount];

    /// <summary>The first code of each length, shifted to the top of 32 bits; lengths without a code repeat the next one.</summary>
    public static readonly uint[] FirstCode = new uint[MaxLength + 2];

    /// <summary>Where the symbols of each length start in <see cref="SymbolsByCode"/>.</summary>
    public static readonly ushort[] FirstSymbol = new ushort[MaxLength + 2];

    static HuffmanCode()
    {
        uint code = 0;
        int position = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            code <<= 1;
            FirstCode[length] = code << (32 - length);
            FirstSymbol[length] = (ushort)position;
            for (int symbol = 0; symbol < SymbolCount; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    Codes[symbol] = code++;
                    SymbolsByCode[position++] = (ushort)symbol;
                }
            }
        }

        FirstCode[MaxLength + 1] = uint.MaxValue;
        FirstSymbol[MaxLength + 1] = SymbolCount;
    }

    /// <summary>Code length in bits by symbol.</summary>
    public static ReadOnlySpan<byte> Lengths =>
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
        7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
        23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
        21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ];
}
