using System;
using System.Globalization;

namespace Sidecar.Config.Schema;

/// <summary>The JSON forms of google.protobuf.Duration ("1.500s") and google.protobuf.Timestamp (RFC 3339).</summary>
internal static class TimeText
{
    /// <summary>The largest magnitude of a Duration, about 10,000 years.</summary>
    internal const long MaxDurationSeconds = 315_576_000_000;

    /// <summary>0001-01-01T00:00:00Z.</summary>
    internal const long MinTimestampSeconds = -62_135_596_800;

    /// <summary>9999-12-31T23:59:59Z.</summary>
    internal const long MaxTimestampSeconds = 253_402_300_799;

    internal static bool TryParseDuration(ReadOnlySpan<char> text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        if (text.Length < 2 || text[^1] != 's')
        {
            return false;
        }

        text = text[..^1];
        bool isNegative = text[0] == '-';
        text = isNegative ? text[1..] : text;
        int dot = text.IndexOf('.');
        ReadOnlySpan<char> whole = dot < 0 ? text : text[..dot];
        ReadOnlySpan<char> fraction = dot < 0 ? default : text[(dot + 1)..];
        if ((whole.Length == 0 && fraction.Length == 0) || !TryParseFraction(fraction, out nanos))
        {
            return false;
        }

        if (whole.Length > 0 && !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
        {
            return false;
        }

        if (isNegative)
        {
            (seconds, nanos) = (-seconds, -nanos);
        }

        return seconds is >= -MaxDurationSeconds and <= MaxDurationSeconds;
    }

    internal static string FormatDuration(long seconds, int nanos)
    {
        string sign = seconds < 0 || nanos < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Magnitude(seconds)}{FormatFraction(Math.Abs((long)nanos))}s");
    }

    internal static bool TryParseTimestamp(string text, out long seconds, out int nanos)
    {
        seconds = 0;
        nanos = 0;
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        string whole = text;
        if (dot >= 0)
        {
            int end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (end == dot + 1 || !TryParseFraction(text.AsSpan(dot + 1, end - dot - 1), out nanos))
            {
                return false;
            }

            whole = text[..dot] + text[end..];
        }

        string[] formats = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"];
        if (!DateTimeOffset.TryParseExact(
            whole, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
        {
            return false;
        }

        seconds = time.ToUnixTimeSeconds();
        return true;
    }

    internal static string FormatTimestamp(long seconds, int nanos)
    {
        if (seconds is < MinTimestampSeconds or > MaxTimestampSeconds)
        {
            return "invalid timestamp";
        }

        string whole = DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return whole + FormatFraction(Math.Abs((long)nanos)) + "Z";
    }

    private static ulong Magnitude(long value) => value < 0 ? (ulong)(-(value + 1)) + 1 : (ulong)value;

    /// <summary>Up to nine digits, which are nanoseconds when padded on the right.</summary>
    private static bool TryParseFraction(ReadOnlySpan<char> digits, out int nanos)
    {
        nanos = 0;
        if (digits.Length > 9)
        {
            return false;
        }

        for (int i = 0; i < 9; i++)
        {
            int digit = i < digits.Length ? digits[i] - '0' : 0;
            if (digit is < 0 or > 9)
            {
                return false;
            }

            nanos = (nanos * 10) + digit;
        }

        return true;
    }

    /// <summary>Nothing, or a dot and three, six or nine digits.</summary>
    private static string FormatFraction(long nanos) => nanos switch
    {
        0 => "",
        _ when nanos % 1_000_000 == 0 => (nanos / 1_000_000).ToString("'.'000", CultureInfo.InvariantCulture),
        _ when nanos % 1_000 == 0 => (nanos / 1_000).ToString("'.'000000", CultureInfo.InvariantCulture),
        _ => nanos.ToString("'.'000000000", CultureInfo.InvariantCulture),
    };
}
