using System;

namespace Sidecar.Http.Dates;

/// <summary>
/// The <c>date</c> header (IMF-fixdate, RFC 9110 section 5.6.7) of the current second, formatted once a second without allocating.
/// One a worker; thread: its worker.
/// </summary>
public sealed class HttpDate
{
    /// <summary>Bytes of every date: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public const int Length = 29;

    private const long SecondsPerDay = 86_400;
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Last second that a four-digit year can show.</summary>
    private const long MaxUnixSeconds = 253_402_300_799;

    private readonly byte[] _text = new byte[Length];
    private long _second = long.MinValue;

    /// <summary>The date as bytes, valid until the next call.</summary>
    /// <param name="unixNs">Nanoseconds since the Unix epoch, from the worker's clock; before it counts as the epoch.</param>
    public ReadOnlySpan<byte> Get(long unixNs)
    {
        long second = Math.Clamp(unixNs / NsPerSecond, 0, MaxUnixSeconds);
        if (second != _second)
        {
            _second = second;
            Format(second, _text);
        }

        return _text;
    }

    /// <summary>Writes the date of a second into at least <see cref="Length"/> bytes.</summary>
    public static void Format(long unixSeconds, Span<byte> text)
    {
        long days = unixSeconds / SecondsPerDay;
        int secondOfDay = (int)(unixSeconds % SecondsPerDay);
        CivilDate(days, out int year, out int month, out int day);

        // 1 January 1970 was a Thursday.
        "ThuFriSatSunMonTueWed"u8.Slice((int)(days % 7) * 3, 3).CopyTo(text);
        ", "u8.CopyTo(text[3..]);
        TwoDigits(day, text[5..]);
        text[7] = (byte)' ';
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice((month - 1) * 3, 3).CopyTo(text[8..]);
        text[11] = (byte)' ';
        TwoDigits(year / 100, text[12..]);
        TwoDigits(year % 100, text[14..]);
        text[16] = (byte)' ';
        TwoDigits(secondOfDay / 3600, text[17..]);
        text[19] = (byte)':';
        TwoDigits(secondOfDay / 60 % 60, text[20..]);
        text[22] = (byte)':';
        TwoDigits(secondOfDay % 60, text[23..]);
        " GMT"u8.CopyTo(text[25..]);
    }

    /// <summary>Days since the epoch to a Gregorian date, counting years from March so that leap days come last.</summary>
    private static void CivilDate(long days, out int year, out int month, out int day)
    {
        const int DaysTo1970 = 719_468;
        const int DaysPer400Years = 146_097;
        long shifted = days + DaysTo1970;
        long era = shifted / DaysPer400Years;
        int dayOfEra = (int)(shifted % DaysPer400Years);
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int marchMonth = ((5 * dayOfYear) + 2) / 153;
        day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        year = (int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0);
    }

    private static void TwoDigits(int value, Span<byte> text)
    {
        text[0] = (byte)('0' + (value / 10));
        text[1] = (byte)('0' + (value % 10));
    }
}
