using System;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Threads;
using Sidecar.Testing.Time;

namespace Sidecar.Event.Tests.Threads;

public sealed class WorkerThreadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Worker_Started_RunsItsStartWorkOnItsNamedThread()
    {
        Dispatcher dispatcher = TestLoop.CreateReal("worker_0");
        using var started = new ManualResetEventSlim();
        string? name = null;
        bool? isCurrent = null;
        var worker = new WorkerThread(dispatcher, new LambdaStart(d =>
        {
            name = Thread.CurrentThread.Name;
            isCurrent = d.IsCurrent;
            started.Set();
        }));

        worker.Start();
        Assert.True(started.Wait(s_patience));
        Assert.False(dispatcher.IsCurrent);
        dispatcher.Exit();
        worker.Join();
        dispatcher.Dispose();

        Assert.Equal("wrk:worker_0", name);
        Assert.True(isCurrent);
    }

    [Fact]
    public void Exit_BeforeTheThreadRuns_EndsItAtOnce()
    {
        Dispatcher dispatcher = TestLoop.CreateReal("worker_0");
        var worker = new WorkerThread(dispatcher);

        dispatcher.Exit();
        worker.Start();
        worker.Join();

        Assert.True(dispatcher.IsCurrent);
        dispatcher.Dispose();
    }

    [Fact]
    public void SimulatedTime_AdvancedWhileAWorkerSleeps_FiresItsTimer()
    {
        var time = new SimulatedTimeSource();
        var dispatcher = new Dispatcher("worker_0", time, new StatSheet("worker_0"));
        using var fired = new ManualResetEventSlim();
        using var armed = new ManualResetEventSlim();
        var worker = new WorkerThread(dispatcher, new LambdaStart(d =>
        {
            d.CreateTimer(new LambdaTimer(_ => fired.Set())).Enable(3_600_000);
            armed.Set();
        }));
        worker.Start();
        Assert.True(armed.Wait(s_patience));
        Assert.False(fired.IsSet);

        time.AdvanceMs(3_600_000);

        Assert.True(fired.Wait(s_patience));
        dispatcher.Exit();
        worker.Join();
        dispatcher.Dispose();
    }

    [Fact]
    public void RealTime_Timer_FiresNotBeforeItsDelay()
    {
        Dispatcher dispatcher = TestLoop.CreateReal("main_thread");
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        double elapsedMs = 0;
        dispatcher.CreateTimer(new LambdaTimer(_ => elapsedMs = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds))
            .Enable(30);

        // Returns by itself: with the timer fired nothing is left to wait for.
        dispatcher.Run(RunType.Block);
        dispatcher.Dispose();

        Assert.InRange(elapsedMs, 30, s_patience.TotalMilliseconds);
    }

    private sealed class LambdaStart(Action<Dispatcher> action) : ThreadStartWork
    {
        public override void Run(Dispatcher dispatcher) => action(dispatcher);
    }
}
