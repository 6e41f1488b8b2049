using System;
using System.Collections.Generic;
using System.Text;

namespace Sidecar.Proxy.Substitution;

/// <summary>
/// A strftime format with Envoy's additions: <c>%s</c> seconds since the epoch, <c>%f</c> and <c>%1f</c> to <c>%9f</c> fractions of a
/// second, <c>%E3S</c> seconds with a fraction. Immutable; thread: any.
/// </summary>
internal sealed class TimeFormat
{
    private const long NsPerSecond = 1_000_000_000;
    private static readonly byte[] s_months = "JanFebMarAprMayJunJulAugSepOctNovDec"u8.ToArray();
    private static readonly byte[] s_days = "SunMonTueWedThuFriSat"u8.ToArray();
    private static readonly byte[][] s_longMonths = Words("January,February,March,April,May,June,July,August,September,October,November,December");
    private static readonly byte[][] s_longDays = Words("Sunday,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday");

    private readonly Piece[] _pieces;

    private TimeFormat(Piece[] pieces) => _pieces = pieces;

    /// <exception cref="SubstitutionFormatException">A specifier is unknown.</exception>
    public static TimeFormat Compile(string format)
    {
        var pieces = new List<Piece>();
        var literal = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                literal.Append(format[i]);
                continue;
            }

            i++;
            if (format[i] == '%')
            {
                literal.Append('%');
                continue;
            }

            AddLiteral(pieces, literal);
            Specifier(format, ref i, pieces);
        }

        AddLiteral(pieces, literal);
        return new TimeFormat([.. pieces]);
    }

    /// <param name="unixNs">Nanoseconds since the epoch.</param>
    /// <param name="offsetSeconds">Of local time from UTC.</param>
    /// <param name="output">Where to write.</param>
    public void Write(long unixNs, int offsetSeconds, TextBuffer output)
    {
        long seconds = Math.DivRem(unixNs, NsPerSecond, out long fraction);
        DateTime civil = DateTime.UnixEpoch.AddTicks((seconds + offsetSeconds) * TimeSpan.TicksPerSecond);
        foreach (ref readonly Piece piece in _pieces.AsSpan())
        {
            if (piece.Literal is not null)
            {
                output.Append(piece.Literal);
                continue;
            }

            switch (piece.Specifier)
            {
                case 's':
                    output.Append(seconds);
                    break;
                case 'f':
                    WriteFraction(fraction, piece.Digits, output);
                    break;
                case 'S':
                    output.AppendPadded(civil.Second, 2);
                    if (piece.Digits > 0)
                    {
                        output.Append((byte)'.');
                        WriteFraction(fraction, piece.Digits, output);
                    }

                    break;
                case 'z' or 'Z':
                    WriteZone(piece, offsetSeconds, output);
                    break;
                default:
                    WriteCivil(piece.Specifier, civil, output);
                    break;
            }
        }
    }

    private static void Specifier(string format, ref int i, List<Piece> pieces)
    {
        char c = format[i];
        int digits = 0;
        if (char.IsAsciiDigit(c) && c != '0' && i + 1 < format.Length && format[i + 1] == 'f')
        {
            pieces.Add(new Piece(null, 'f', format[i++] - '0'));
            return;
        }

        if (c == 'E' && i + 1 < format.Length)
        {
            c = format[++i];
            if (char.IsAsciiDigit(c) && i + 1 < format.Length)
            {
                digits = c - '0';
                c = format[++i];
            }
            else if (c == 'z')
            {
                digits = 1;
            }
        }

        if (c == 'f' && digits == 0)
        {
            digits = 9;
        }

        foreach (char expanded in Expand(c))
        {
            if (expanded is '-' or '/' or ':' or ' ' or '\n' or '\t')
            {
                pieces.Add(new Piece([(byte)expanded], '\0', 0));
                continue;
            }

            pieces.Add(new Piece(null, expanded, digits));
        }
    }

    private static string Expand(char c) => c switch
    {
        'T' => "H:M:S",
        'F' => "Y-m-d",
        'D' => "m/d/y",
        'R' => "H:M",
        'r' => "I:M:S p",
        'c' => "a b e H:M:S Y",
        'h' => "b",
        'n' => "\n",
        't' => "\t",
        _ when "YmdHMSyjeIklpaAbBsfzZu".Contains(c, StringComparison.Ordinal) => c.ToString(),
        _ => throw new SubstitutionFormatException($"Invalid time format: specifier %{c} is not supported"),
    };

    private static void WriteFraction(long ns, int digits, TextBuffer output)
    {
        for (int i = digits; i < 9; i++)
        {
            ns /= 10;
        }

        output.AppendPadded(ns, digits);
    }

    private static void WriteZone(in Piece piece, int offsetSeconds, TextBuffer output)
    {
        if (piece.Specifier == 'Z' && offsetSeconds == 0)
        {
            output.Append("UTC"u8);
            return;
        }

        output.Append(offsetSeconds < 0 ? (byte)'-' : (byte)'+');
        int minutes = Math.Abs(offsetSeconds) / 60;
        output.AppendPadded(minutes / 60, 2);
        if (piece.Digits > 0)
        {
            output.Append((byte)':');
        }

        output.AppendPadded(minutes % 60, 2);
    }

    private static void WriteCivil(char specifier, DateTime civil, TextBuffer output)
    {
        int month = civil.Month - 1;
        int day = (int)civil.DayOfWeek;
        int hour12 = civil.Hour % 12 == 0 ? 12 : civil.Hour % 12;
        switch (specifier)
        {
            case 'Y': output.Append((long)civil.Year); break;
            case 'y': output.AppendPadded(civil.Year % 100, 2); break;
            case 'm': output.AppendPadded(civil.Month, 2); break;
            case 'd': output.AppendPadded(civil.Day, 2); break;
            case 'e': AppendSpaced(civil.Day, output); break;
            case 'j': output.AppendPadded(civil.DayOfYear, 3); break;
            case 'H': output.AppendPadded(civil.Hour, 2); break;
            case 'k': AppendSpaced(civil.Hour, output); break;
            case 'I': output.AppendPadded(hour12, 2); break;
            case 'l': AppendSpaced(hour12, output); break;
            case 'M': output.AppendPadded(civil.Minute, 2); break;
            case 'p': output.Append(civil.Hour < 12 ? "AM"u8 : "PM"u8); break;
            case 'a': output.Append(s_days.AsSpan(day * 3, 3)); break;
            case 'A': output.Append(s_longDays[day]); break;
            case 'b': output.Append(s_months.AsSpan(month * 3, 3)); break;
            case 'B': output.Append(s_longMonths[month]); break;
            case 'u': output.Append(day == 0 ? 7L : day); break;
        }
    }

    private static void AppendSpaced(int number, TextBuffer output)
    {
        if (number < 10)
        {
            output.Append((byte)' ');
        }

        output.Append((long)number);
    }

    private static void AddLiteral(List<Piece> pieces, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            pieces.Add(new Piece(Encoding.UTF8.GetBytes(literal.ToString()), '\0', 0));
            literal.Clear();
        }
    }

    private static byte[][] Words(string list) => Array.ConvertAll(list.Split(','), Encoding.UTF8.GetBytes);

    private readonly struct Piece(byte[]? literal, char specifier, int digits)
    {
        public readonly byte[]? Literal = literal;
        public readonly char Specifier = specifier;

        /// <summary>Of a fraction; for zones whether a colon stands between hours and minutes.</summary>
        public readonly int Digits = digits;
    }
}
