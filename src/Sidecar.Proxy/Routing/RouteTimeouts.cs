using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.Routing;

/// <summary>A route's timeouts as configured, in milliseconds; 0 means none, null not set. Immutable; thread: any.</summary>
public sealed class RouteTimeouts
{
    /// <summary>The route's timeout when its configuration has none.</summary>
    public const long DefaultTimeoutMs = 15_000;

    internal RouteTimeouts(RouteActionConfig config)
    {
        TimeoutMs = config.TimeoutMs;
        IdleTimeoutMs = config.IdleTimeoutMs;
        MaxStreamDuration = config.MaxStreamDuration;
        MaxGrpcTimeoutMs = config.MaxGrpcTimeoutMs;
        GrpcTimeoutOffsetMs = config.GrpcTimeoutOffsetMs;
    }

    public long TimeoutMs { get; }

    /// <summary>Null leaves the connection manager's stream idle timeout.</summary>
    public long? IdleTimeoutMs { get; }

    public MaxStreamDurationConfig? MaxStreamDuration { get; }

    public long? MaxGrpcTimeoutMs { get; }

    public long? GrpcTimeoutOffsetMs { get; }

    /// <summary>
    /// How long a stream may live: the request's <c>grpc-timeout</c> within the route's bounds, else the route's duration, else the
    /// connection manager's. 0 means no limit.
    /// </summary>
    public long StreamDurationMs(HeaderMap request, long connectionManagerMs)
    {
        if (MaxStreamDuration?.GrpcTimeoutHeaderMaxMs is not { } maximumMs || !GrpcTimeout.TryRead(request, out long timeoutMs))
        {
            return MaxStreamDuration?.MaxStreamDurationMs ?? connectionManagerMs;
        }

        if (maximumMs != 0 && (timeoutMs > maximumMs || timeoutMs == 0))
        {
            timeoutMs = maximumMs;
        }

        // An offset that left nothing would mean no limit.
        long offsetMs = MaxStreamDuration.GrpcTimeoutHeaderOffsetMs ?? 0;
        return offsetMs < timeoutMs ? timeoutMs - offsetMs : timeoutMs;
    }

    /// <summary>The timeout before request headers have their say.</summary>
    internal long BaseTimeoutMs(HeaderMap request, bool isGrpc)
    {
        if (MaxStreamDuration is not null)
        {
            return 0;
        }

        if (!isGrpc || MaxGrpcTimeoutMs is not { } maximumMs)
        {
            return TimeoutMs;
        }

        GrpcTimeout.TryRead(request, out long timeoutMs);
        if (GrpcTimeoutOffsetMs is { } offsetMs && offsetMs < timeoutMs)
        {
            timeoutMs -= offsetMs;
        }

        return maximumMs != 0 && (timeoutMs == 0 || timeoutMs > maximumMs) ? maximumMs : timeoutMs;
    }
}

/// <summary>Reads and writes <c>grpc-timeout</c>. Thread: any.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>Milliseconds, rounded up; false when the header is missing or malformed.</summary>
    public static bool TryRead(HeaderMap headers, out long milliseconds)
    {
        milliseconds = 0;
        ReadOnlySpan<byte> text = headers.Get(HeaderId.GrpcTimeout);
        if (text.Length is < 2 or > MaxDigits + 1)
        {
            return false;
        }

        long number = 0;
        foreach (byte b in text[..^1])
        {
            if (b is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + (b - '0');
        }

        switch (text[^1])
        {
            case (byte)'H': milliseconds = number * 3_600_000; return true;
            case (byte)'M': milliseconds = number * 60_000; return true;
            case (byte)'S': milliseconds = number * 1000; return true;
            case (byte)'m': milliseconds = number; return true;
            case (byte)'u': milliseconds = (number + 999) / 1000; return true;
            case (byte)'n': milliseconds = (number + 999_999) / 1_000_000; return true;
            default: return false;
        }
    }

    /// <summary>Sets the header to a number of milliseconds, in a unit that leaves at most eight digits.</summary>
    public static void Write(HeaderMap headers, long milliseconds)
    {
        (long number, byte unit) = milliseconds < 100_000_000 ? (milliseconds, (byte)'m')
            : milliseconds < 100_000_000_000 ? (milliseconds / 1000, (byte)'S')
            : (Math.Min(milliseconds / 60_000, 99_999_999), (byte)'M');
        Span<byte> text = stackalloc byte[MaxDigits + 1];
        Utf8Formatter.TryFormat(number, text, out int length);
        text[length] = unit;
        headers.Set(HeaderId.GrpcTimeout, text[..(length + 1)]);
    }
}
