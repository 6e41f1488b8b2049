using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;

namespace Sidecar.Config.Values;

/// <summary>Durations as the models keep them: whole milliseconds. Thread: main.</summary>
internal static class Times
{
    private const long MaxSeconds = 315_576_000_000;
    private const long NsPerMs = 1_000_000;

    /// <summary>
    /// Milliseconds of a field, or the default when it is not set. Fractions are rounded up: a timeout shorter than a millisecond is a
    /// short one, not none.
    /// </summary>
    public static long Ms(Duration? value, long defaultMs, FieldScope at, string field)
    {
        if (value is null)
        {
            return defaultMs;
        }

        if (!IsValid(value))
        {
            at.Error(field, "is not a duration that can be waited for");
            return defaultMs;
        }

        return (value.Seconds * 1000) + ((value.Nanos + NsPerMs - 1) / NsPerMs);
    }

    /// <summary>As <see cref="Ms"/>; null when the field is not set.</summary>
    public static long? MsOrNull(Duration? value, FieldScope at, string field) => value is null ? null : Ms(value, 0, at, field);

    /// <summary>Nanoseconds of a field, or the default when it is not set.</summary>
    public static long Ns(Duration? value, long defaultNs, FieldScope at, string field)
    {
        if (value is null)
        {
            return defaultNs;
        }

        if (!IsValid(value) || value.Seconds > long.MaxValue / 2_000_000_000)
        {
            at.Error(field, "is not a duration that can be waited for");
            return defaultNs;
        }

        return (value.Seconds * 1_000_000_000) + value.Nanos;
    }

    private static bool IsValid(Duration value) => value is { Seconds: >= 0 and <= MaxSeconds, Nanos: >= 0 and < 1_000_000_000 };
}
