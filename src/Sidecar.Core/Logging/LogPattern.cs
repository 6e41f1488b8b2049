using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Sidecar.Core.Logging;

/// <summary>
/// An spdlog pattern, compiled: literals and flags with an optional width (<c>%-8l</c> pads to the right, <c>%8l</c> to the left,
/// <c>%=8l</c> centres). Envoy's own flags are included: <c>%_</c> (message on one line), <c>%j</c> (message escaped for JSON). An unknown
/// flag prints as it is written, as in spdlog. Immutable; thread: any.
/// </summary>
internal sealed class LogPattern
{
    private readonly Part[] _parts;

    private LogPattern(Part[] parts) => _parts = parts;

    /// <summary>The pattern is <c>%j</c> alone, whose text is JSON-escaped already.</summary>
    public bool EscapesItself => _parts is [{ Flag: 'j' }];

    public static LogPattern Compile(string pattern)
    {
        var parts = new List<Part>();
        var literal = new StringBuilder();
        int i = 0;
        while (i < pattern.Length)
        {
            if (pattern[i] != '%' || i + 1 == pattern.Length)
            {
                literal.Append(pattern[i++]);
                continue;
            }

            i++;
            Padding padding = ReadPadding(pattern, ref i, out int width);
            if (i == pattern.Length)
            {
                break;
            }

            Flush(parts, literal);
            parts.Add(new Part(pattern[i++], padding, width, string.Empty));
        }

        Flush(parts, literal);
        return new LogPattern(parts.ToArray());
    }

    public void Append(StringBuilder text, in LogRecord record)
    {
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            if (part.Flag == '\0')
            {
                text.Append(part.Literal);
                continue;
            }

            int start = text.Length;
            AppendFlag(text, part.Flag, record);
            Pad(text, start, part);
        }
    }

    private static Padding ReadPadding(string pattern, ref int i, out int width)
    {
        Padding padding = Padding.Left;
        if (pattern[i] is '-' or '=')
        {
            padding = pattern[i] == '-' ? Padding.Right : Padding.Centre;
            i++;
        }

        width = 0;
        while (i < pattern.Length && char.IsAsciiDigit(pattern[i]))
        {
            // spdlog's own limit.
            width = Math.Min((width * 10) + (pattern[i++] - '0'), 64);
        }

        return padding;
    }

    private static void Flush(List<Part> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new Part('\0', Padding.Left, 0, literal.ToString()));
            literal.Clear();
        }
    }

    private static void Pad(StringBuilder text, int start, in Part part)
    {
        int missing = part.Width - (text.Length - start);
        if (missing <= 0)
        {
            return;
        }

        int left = part.Padding switch
        {
            Padding.Left => missing,
            Padding.Centre => missing / 2,
            _ => 0,
        };
        text.Insert(start, new string(' ', left));
        text.Append(' ', missing - left);
    }

    private static void AppendFlag(StringBuilder text, char flag, in LogRecord record)
    {
        switch (flag)
        {
            case 'v':
                text.Append(record.Message);
                break;
            case '_':
                text.Append(record.Message).Replace("\n", "\\n", text.Length - record.Message.Length, record.Message.Length);
                break;
            case 'j':
                LogText.AppendJson(text, record.Message);
                break;
            case 'n':
                text.Append(record.Component);
                break;
            case 'l':
                text.Append(record.Level.Name());
                break;
            case 'L':
                text.Append("TDIWECO"[(int)record.Level]);
                break;
            case 't':
                text.Append(record.ThreadId);
                break;
            case 'P':
                text.Append(Environment.ProcessId);
                break;
            case 'g':
                text.Append(record.File);
                break;
            case 's':
                text.Append(Path.GetFileName(record.File.AsSpan()));
                break;
            case '#':
                text.Append(record.Line);
                break;
            case '@':
                text.Append(record.File).Append(':').Append(record.Line);
                break;
            case '%':
                text.Append('%');
                break;
            case '^' or '$':
                // Colour marks: log lines go to files and collectors.
                break;
            default:
                AppendTime(text, flag, record.Timestamp);
                break;
        }
    }

    private static void AppendTime(StringBuilder text, char flag, DateTimeOffset time)
    {
        string? format = flag switch
        {
            'Y' => "yyyy",
            'm' => "MM",
            'd' => "dd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'e' => "fff",
            'f' => "ffffff",
            'p' => "tt",
            'a' => "ddd",
            'A' => "dddd",
            'b' or 'h' => "MMM",
            'B' => "MMMM",
            'c' => "ddd MMM d HH:mm:ss yyyy",
            'D' or 'x' => "MM'/'dd'/'yy",
            'r' => "hh:mm:ss tt",
            'R' => "HH:mm",
            'T' or 'X' => "HH:mm:ss",
            'z' => "zzz",
            _ => null,
        };

        switch (flag)
        {
            case 'C':
                text.Append(time.ToString("yy", CultureInfo.InvariantCulture));
                break;
            case 'F':
                text.Append(time.ToString("fffffff", CultureInfo.InvariantCulture)).Append("00");
                break;
            case 'E':
                text.Append(time.ToUnixTimeSeconds());
                break;
            default:
                text.Append(format is null ? "%" + flag : time.ToString(format, CultureInfo.InvariantCulture));
                break;
        }
    }

    private enum Padding : byte
    {
        Left,
        Right,
        Centre,
    }

    private readonly record struct Part(char Flag, Padding Padding, int Width, string Literal);
}
