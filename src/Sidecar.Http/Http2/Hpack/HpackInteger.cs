using System;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>Prefix integers (RFC 7541 section 5.1), up to 2^31 - 1; larger ones are errors. Thread: any.</summary>
internal static class HpackInteger
{
    /// <summary>Most bytes that one takes.</summary>
    public const int MaxBytes = 6;

    /// <summary>
    /// Reads the integer whose prefix is the low <paramref name="prefixBits"/> bits of the byte at <paramref name="position"/>; false
    /// when it is cut short or too large.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int position, int prefixBits, out int value)
    {
        if ((uint)position >= (uint)source.Length)
        {
            value = 0;
            return false;
        }

        int mask = (1 << prefixBits) - 1;
        value = source[position++] & mask;
        return value < mask || TryReadRest(source, ref position, ref value);
    }

    /// <summary>Writes the integer; the high bits of the first byte are <paramref name="pattern"/>. Returns the bytes written.</summary>
    public static int Write(Span<byte> destination, byte pattern, int prefixBits, int value)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | mask);
        uint rest = (uint)(value - mask);
        int written = 1;
        while (rest >= 0x80)
        {
            destination[written++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        destination[written++] = (byte)rest;
        return written;
    }

    private static bool TryReadRest(ReadOnlySpan<byte> source, ref int position, ref int value)
    {
        long sum = value;
        for (int shift = 0; shift <= 28; shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
            {
                return false;
            }

            byte next = source[position++];
            sum += (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                value = (int)sum;
                return sum <= int.MaxValue;
            }
        }

        return false;
    }
}
