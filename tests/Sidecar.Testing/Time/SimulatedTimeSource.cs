using System;
using System.Threading;
using Sidecar.Core.Time;
using Sidecar.Event;

namespace Sidecar.Testing.Time;

/// <summary>
/// Time that moves only when a test moves it. Dispatchers made with it fire their timers when they run; those that wait in a thread
/// wake up at each step. Starts on a round date, so that logs and headers are predictable. Thread: any.
/// </summary>
public sealed class SimulatedTimeSource : TimeSource
{
    private const long NsPerMs = 1_000_000;

    /// <summary>2030-01-01T00:00:00Z.</summary>
    public static readonly DateTime Start = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly long s_startUnixNs = (Start.Ticks - DateTime.UnixEpoch.Ticks) * 100;

    private long _elapsedNs;

    /// <summary>Starts at one hour, so that differences from before the test stay positive.</summary>
    public override long MonotonicNs => 3600L * 1000 * NsPerMs + Volatile.Read(ref _elapsedNs);

    public override long UnixNs => s_startUnixNs + Volatile.Read(ref _elapsedNs);

    public override bool IsSimulated => true;

    /// <summary>Moves time in one step and wakes the dispatchers that wait for it.</summary>
    public void AdvanceMs(long ms) => AdvanceNs(ms * NsPerMs);

    public void AdvanceNs(long ns)
    {
        Interlocked.Add(ref _elapsedNs, ns);
        RaiseAdvanced();
    }

    /// <summary>
    /// For single-threaded tests: moves time from deadline to deadline, so that a timer armed by another one fires at its own time, and
    /// runs the dispatcher after each step.
    /// </summary>
    public void AdvanceAndRun(Dispatcher dispatcher, long ms)
    {
        dispatcher.Run(RunType.NonBlock);
        while (ms > 0)
        {
            long step = Math.Clamp(dispatcher.MsUntilNextTimer, 1, ms);
            ms -= step;
            AdvanceMs(step);
            dispatcher.Run(RunType.NonBlock);
        }
    }
}
