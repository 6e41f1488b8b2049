using System;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Testing.Time;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>The main thread of a test: a dispatcher on simulated time.</summary>
internal sealed class MainLoop : IDisposable
{
    public MainLoop()
    {
        Dispatcher = new Dispatcher("main_thread", Time, Stats.CreateSheet("main"));
    }

    public SimulatedTimeSource Time { get; } = new();

    public StatStore Stats { get; } = new();

    public Dispatcher Dispatcher { get; }

    public void Run() => Dispatcher.Run(RunType.NonBlock);

    public void Advance(long ms) => Time.AdvanceAndRun(Dispatcher, ms);

    public void Dispose() => Dispatcher.Dispose();
}
