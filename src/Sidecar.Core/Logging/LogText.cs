using System;
using System.Text;

namespace Sidecar.Core.Logging;

/// <summary>Makes foreign text safe to print: one line, printable, bounded. Thread: any.</summary>
public static class LogText
{
    /// <summary>Bytes of a peer that one log line shows.</summary>
    public const int MaxPeerBytes = 256;

    /// <summary>
    /// A peer's bytes as printable ASCII: <c>\r \n \t \\</c> and <c>\xNN</c> for the rest; what exceeds <see cref="MaxPeerBytes"/> is cut
    /// and counted (<c>...(+12 bytes)</c>).
    /// </summary>
    public static string Escape(ReadOnlySpan<byte> bytes) => Escape(bytes, MaxPeerBytes);

    /// <summary>As <see cref="Escape(ReadOnlySpan{byte})"/> with another limit.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        int shown = Math.Min(bytes.Length, maxBytes);
        var text = new StringBuilder(shown + 16);
        foreach (byte value in bytes[..shown])
        {
            AppendEscaped(text, value);
        }

        if (shown < bytes.Length)
        {
            text.Append("...(+").Append(bytes.Length - shown).Append(" bytes)");
        }

        return text.ToString();
    }

    /// <summary>Writes text as the inside of a JSON string.</summary>
    internal static void AppendJson(StringBuilder text, ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            switch (c)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ':
                    text.Append("\\u00").Append(HexDigit(c >> 4)).Append(HexDigit(c & 15));
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    private static void AppendEscaped(StringBuilder text, byte value)
    {
        switch (value)
        {
            case (byte)'\r':
                text.Append("\\r");
                break;
            case (byte)'\n':
                text.Append("\\n");
                break;
            case (byte)'\t':
                text.Append("\\t");
                break;
            case (byte)'\\':
                text.Append("\\\\");
                break;
            case >= 0x20 and < 0x7f:
                text.Append((char)value);
                break;
            default:
                text.Append("\\x").Append(HexDigit(value >> 4)).Append(HexDigit(value & 15));
                break;
        }
    }

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'a' + value - 10);
}
