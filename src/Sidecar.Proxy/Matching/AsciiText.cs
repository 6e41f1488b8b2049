using System;
using System.Text;

namespace Sidecar.Proxy.Matching;

/// <summary>Comparisons of header bytes that ignore the case of ASCII letters and leave all other bytes alone. Thread: any.</summary>
internal static class AsciiText
{
    /// <summary>UTF-8 of configured text, ASCII letters in lower case.</summary>
    public static byte[] LowerBytes(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Lower(bytes[i]);
        }

        return bytes;
    }

    public static byte Lower(byte b) => b - 'A' <= 'Z' - 'A' && b >= 'A' ? (byte)(b | 0x20) : b;

    /// <summary>Writes the lower-case form; the destination is at least as long.</summary>
    public static void ToLower(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = Lower(source[i]);
        }
    }

    public static bool EqualsLower(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length != lower.Length)
        {
            return false;
        }

        for (int i = 0; i < lower.Length; i++)
        {
            if (Lower(text[i]) != lower[i])
            {
                return false;
            }
        }

        return true;
    }

    public static bool StartsWithLower(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && EqualsLower(text[..lower.Length], lower);

    public static bool EndsWithLower(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && EqualsLower(text[^lower.Length..], lower);

    public static bool ContainsLower(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (int i = 0; i + lower.Length <= text.Length; i++)
        {
            if (EqualsLower(text.Slice(i, lower.Length), lower))
            {
                return true;
            }
        }

        return false;
    }
}
