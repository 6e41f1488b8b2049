using System;
using System.Diagnostics;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Testing.Time;

namespace Sidecar.Event.Tests.Harness;

/// <summary>A dispatcher on the test's own thread, on simulated time.</summary>
internal sealed class TestLoop : IDisposable
{
    private const int PatienceSeconds = 20;

    public TestLoop(string name = "worker_0")
    {
        Dispatcher = new Dispatcher(name, Time, new StatSheet(name));
    }

    public SimulatedTimeSource Time { get; } = new();

    public Dispatcher Dispatcher { get; }

    public void Run() => Dispatcher.Run(RunType.NonBlock);

    public void Advance(long ms) => Time.AdvanceAndRun(Dispatcher, ms);

    /// <summary>Runs until something is true; bounded by patience, not by sleeps.</summary>
    public void RunUntil(Func<bool> condition, string what = "condition")
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Dispatcher.RunOnce(maxWaitMs: 50);
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < PatienceSeconds, $"{what} within {PatienceSeconds} s");
        }
    }

    /// <summary>Runs until an iteration finds nothing to do, so that what was going to happen has happened.</summary>
    public void Settle()
    {
        for (int i = 0; i < 5; i++)
        {
            Dispatcher.RunOnce(maxWaitMs: 1);
        }
    }

    public void Dispose() => Dispatcher.Dispose();

    /// <summary>A dispatcher on the machine's clock, for threads.</summary>
    public static Dispatcher CreateReal(string name) => new(name, RealTimeSource.Instance, new StatSheet(name));
}
