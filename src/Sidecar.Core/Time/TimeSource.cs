using System;
using System.Diagnostics;

namespace Sidecar.Core.Time;

/// <summary>Where time comes from: the machine, or a test. Thread: any.</summary>
public abstract class TimeSource
{
    /// <summary>Monotonic nanoseconds from an arbitrary start.</summary>
    public abstract long MonotonicNs { get; }

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public abstract long UnixNs { get; }

    /// <summary>True when time stands still until a test moves it.</summary>
    public virtual bool IsSimulated => false;

    /// <summary>Simulated time was moved; on the thread that moved it.</summary>
    public event Action? Advanced;

    /// <summary>For simulated sources: wakes whoever waits for time to pass.</summary>
    protected void RaiseAdvanced() => Advanced?.Invoke();
}

/// <summary>The machine's clocks.</summary>
public sealed class RealTimeSource : TimeSource
{
    public static readonly RealTimeSource Instance = new();

    private RealTimeSource()
    {
    }

#pragma warning disable RS0030 // The one place where the machine's clocks are read.
    public override long MonotonicNs => Stopwatch.GetTimestamp() * (1_000_000_000 / Stopwatch.Frequency);

    public override long UnixNs => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
#pragma warning restore RS0030
}
