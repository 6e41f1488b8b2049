using System;
using System.Buffers;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sidecar.Http.Http1;

/// <summary>
/// The character classes of RFC 9110 and 9112, 32 bytes at a time where that many may be read, else one at a time. Stateless;
/// thread: any.
/// </summary>
/// <remarks>
/// <c>readable</c> says how many bytes may be touched (a slab goes on behind the received bytes); what is found there is not input, and
/// callers compare the returned index with the input's length.
/// </remarks>
internal static unsafe class Http1Scan
{
    /// <summary>Bytes moved at a time.</summary>
    public const int Width = 32;

    private const byte Token = 1;
    private const byte FieldValue = 2;
    private const byte Target = 4;
    private const byte Authority = 8;

    private static readonly SearchValues<byte> s_ipLiteral = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    private static readonly byte[] s_classes = BuildClasses();

    /// <summary>
    /// Bit h of entry l says that the byte 0xhl is a token character, for h below 8; entries 8 to 15 of <see cref="s_highBit"/> are 0,
    /// so no byte above 0x7f is one.
    /// </summary>
    private static readonly Vector256<byte> s_tokenByLowNibble = BuildTokenTable();

    private static readonly Vector256<byte> s_highBit = Vector256.Create(Vector128.Create((byte)1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0));

    public static bool IsToken(byte value) => (s_classes[value] & Token) != 0;

    public static bool IsAuthority(byte value) => (s_classes[value] & Authority) != 0;

    public static byte Lower(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | 0x20) : value;

    /// <summary>
    /// Lower-cases 32 bytes into <paramref name="destination"/>; the index of the first that is no token character, 32 when all are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Sidecar.Benchmarks http1: 9% of a head parse.
    public static int LowerToken32(byte* source, ref byte destination)
    {
        Vector256<byte> v = Vector256.Load(source);
        Vector256<byte> fromA = v - Vector256.Create((byte)'A');
        Vector256<byte> isUpper = Vector256.Equals(Vector256.Min(fromA, Vector256.Create((byte)25)), fromA);
        (v | (isUpper & Vector256.Create((byte)0x20))).StoreUnsafe(ref destination);

        Vector256<byte> nibble = Vector256.Create((byte)15);
        Vector256<byte> byLow = Lookup(s_tokenByLowNibble, v & nibble);
        Vector256<byte> byHigh = Lookup(s_highBit, Vector256.ShiftRightLogical(v.AsUInt16(), 4).AsByte() & nibble);
        uint stops = Vector256.Equals(byLow & byHigh, Vector256<byte>.Zero).ExtractMostSignificantBits();
        return BitOperations.TrailingZeroCount(stops);
    }

    /// <summary>Copies 32 bytes; the index of the first that may not stand in a field value, 32 when all may.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Sidecar.Benchmarks http1: 8% of a head parse.
    public static int CopyFieldValue32(byte* source, ref byte destination)
    {
        Vector256<byte> v = Vector256.Load(source);
        v.StoreUnsafe(ref destination);
        return BitOperations.TrailingZeroCount(FieldValueStops(v));
    }

    /// <summary>Index of the first byte that may not stand in a field value (RFC 9110 section 5.5), or the length.</summary>
    public static int FindFieldValueEnd(byte* source, int length, int readable)
    {
        int i = 0;
        for (; i < length && readable - i >= Width; i += Width)
        {
            uint stops = FieldValueStops(Vector256.Load(source + i));
            if (stops != 0)
            {
                return Math.Min(i + BitOperations.TrailingZeroCount(stops), length);
            }
        }

        return FindEndSlow(source, i, length, FieldValue);
    }

    /// <summary>Index of the first byte outside 0x21 to 0x7e, or the length.</summary>
    public static int FindTargetEnd(byte* source, int length, int readable)
    {
        int i = 0;
        for (; i < length && readable - i >= Width; i += Width)
        {
            Vector256<byte> offset = Vector256.Load(source + i) - Vector256.Create((byte)0x21);
            Vector256<byte> limit = Vector256.Create((byte)(0x7e - 0x21 + 1));
            uint stops = Vector256.Equals(Vector256.Max(offset, limit), offset).ExtractMostSignificantBits();
            if (stops != 0)
            {
                return Math.Min(i + BitOperations.TrailingZeroCount(stops), length);
            }
        }

        return FindEndSlow(source, i, length, Target);
    }

    /// <summary>Index of the first byte that is no token character, or the length.</summary>
    public static int FindTokenEnd(byte* source, int length) => FindEndSlow(source, 0, length, Token);

    /// <summary>
    /// Whether bytes are a host with an optional port (RFC 3986 section 3.2.2 and 3.2.3; no user information): what an origin server
    /// may be named by.
    /// </summary>
    public static bool IsHostAndPort(ReadOnlySpan<byte> authority)
    {
        int hostLength;
        if (!authority.IsEmpty && authority[0] == '[')
        {
            int close = authority.IndexOf((byte)']');
            if (close < 2 || authority[1..close].ContainsAnyExcept(s_ipLiteral))
            {
                return false;
            }

            hostLength = close + 1;
        }
        else
        {
            int i = 0;
            while (i < authority.Length && IsAuthority(authority[i]))
            {
                i++;
            }

            hostLength = i;
        }

        if (hostLength == 0)
        {
            return false;
        }

        return hostLength == authority.Length || (authority[hostLength] == ':' && IsPort(authority[(hostLength + 1)..]));
    }

    /// <summary>ASCII comparison that takes upper and lower case for the same; the second is lower case.</summary>
    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerCase)
    {
        if (text.Length != lowerCase.Length)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (Lower(text[i]) != lowerCase[i])
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPort(ReadOnlySpan<byte> digits)
    {
        int port = 0;
        foreach (byte digit in digits)
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }

            port = (port * 10) + digit - '0';
            if (port > ushort.MaxValue)
            {
                return false;
            }
        }

        return true;
    }

    private static int FindEndSlow(byte* source, int from, int length, byte wanted)
    {
        byte[] classes = s_classes;
        int i = from;
        while (i < length && (classes[source[i]] & wanted) != 0)
        {
            i++;
        }

        return Math.Min(i, length);
    }

    /// <summary>Controls other than HTAB, and DEL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Sidecar.Benchmarks http1: part of CopyFieldValue32.
    private static uint FieldValueStops(Vector256<byte> v)
    {
        Vector256<byte> isControl = Vector256.Equals(Vector256.Min(v, Vector256.Create((byte)0x1f)), v);
        Vector256<byte> isTab = Vector256.Equals(v, Vector256.Create((byte)'\t'));
        Vector256<byte> isDelete = Vector256.Equals(v, Vector256.Create((byte)0x7f));
        return (Vector256.AndNot(isControl, isTab) | isDelete).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Sidecar.Benchmarks http1: part of LowerToken32.
    private static Vector256<byte> Lookup(Vector256<byte> table, Vector256<byte> nibbles)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.Shuffle(table, nibbles);
        }

        return Vector256.Create(
            Vector128.ShuffleNative(table.GetLower(), nibbles.GetLower()),
            Vector128.ShuffleNative(table.GetUpper(), nibbles.GetUpper()));
    }

    private static byte[] BuildClasses()
    {
        var classes = new byte[256];
        for (int c = 0; c < 256; c++)
        {
            bool alphanumeric = char.IsAsciiLetterOrDigit((char)c);
            if (alphanumeric || (c < 128 && "!#$%&'*+-.^_`|~".Contains((char)c)))
            {
                classes[c] |= Token;
            }

            // unreserved, sub-delims and percent of RFC 3986.
            if (alphanumeric || (c < 128 && "-._~!$&'()*+,;=%".Contains((char)c)))
            {
                classes[c] |= Authority;
            }

            if (c == '\t' || (c >= 0x20 && c != 0x7f))
            {
                classes[c] |= FieldValue;
            }

            if (c is >= 0x21 and <= 0x7e)
            {
                classes[c] |= Target;
            }
        }

        return classes;
    }

    private static Vector256<byte> BuildTokenTable()
    {
        Span<byte> table = stackalloc byte[Width];
        table.Clear();
        for (int c = 0; c < 128; c++)
        {
            if ((s_classes[c] & Token) != 0)
            {
                table[c & 15] |= (byte)(1 << (c >> 4));
                table[16 + (c & 15)] |= (byte)(1 << (c >> 4));
            }
        }

        Debug.Assert(table.Length == Vector256<byte>.Count, "one vector");
        return Unsafe.ReadUnaligned<Vector256<byte>>(ref MemoryMarshal.GetReference(table));
    }
}
