using System;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>Which moment a time operator prints.</summary>
internal enum TimePoint : byte
{
    Start = 0,

    /// <summary>When the line is made: the end of the exchange.</summary>
    Emit,
}

/// <summary><c>%START_TIME(format)%</c> and its kin.</summary>
internal sealed class TimeOperator : CommandOperator
{
    private const string DefaultFormat = "%Y-%m-%dT%H:%M:%E3SZ";
    private const string DefaultLocalFormat = "%Y-%m-%dT%H:%M:%E3S%Ez";

    private readonly TimeFormat _format;
    private readonly TimePoint _point;
    private readonly bool _local;

    private TimeOperator(TimeFormat format, TimePoint point, bool local)
    {
        _format = format;
        _point = point;
        _local = local;
    }

    public static TimeOperator Create(FormatCommand command, TimePoint point, bool local)
    {
        string text = string.IsNullOrEmpty(command.Argument) ? (local ? DefaultLocalFormat : DefaultFormat) : command.Argument;
        return new TimeOperator(TimeFormat.Compile(text), point, local);
    }

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        StreamInfo info = context.Info;
        long unixNs = info.StartUnixNs;
        if (_point == TimePoint.Emit)
        {
            long endNs = Math.Max(info.Times.CompleteNs, info.StartNs);
            unixNs += endNs - info.StartNs;
        }

        int offsetSeconds = _local ? OffsetSeconds(unixNs) : 0;
        _format.Write(unixNs, offsetSeconds, output);
        return true;
    }

    private static int OffsetSeconds(long unixNs)
    {
        DateTime utc = DateTime.UnixEpoch.AddTicks(unixNs / 100);
        return (int)TimeZoneInfo.Local.GetUtcOffset(utc).TotalSeconds;
    }
}
