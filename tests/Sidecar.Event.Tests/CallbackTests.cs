using System;
using System.Collections.Generic;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests;

public sealed class CallbackTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly List<string> _ran = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void CurrentIteration_ScheduledByATimer_RunsInTheSameIteration()
    {
        SchedulableCallback callback = Create("callback");
        _loop.Dispatcher.CreateTimer(new LambdaTimer(_ => callback.ScheduleCurrentIteration())).Enable(1);
        _loop.Time.AdvanceMs(1);

        _loop.Run();

        Assert.Equal(["callback"], _ran);
    }

    [Fact]
    public void CurrentIteration_ScheduledByACallback_RunsInTheSameIteration()
    {
        SchedulableCallback second = Create("second");
        _loop.Dispatcher.CreateCallback(new LambdaCallback(_ => second.ScheduleCurrentIteration())).ScheduleCurrentIteration();

        _loop.Run();

        Assert.Equal(["second"], _ran);
    }

    [Fact]
    public void NextIteration_ScheduledByACallback_WaitsForTheNextOne()
    {
        SchedulableCallback second = Create("second");
        _loop.Dispatcher.CreateCallback(new LambdaCallback(_ => second.ScheduleNextIteration())).ScheduleCurrentIteration();

        _loop.Run();
        Assert.Empty(_ran);
        _loop.Run();

        Assert.Equal(["second"], _ran);
    }

    [Fact]
    public void NextIteration_Scheduled_LoopDoesNotWait()
    {
        Create("x").ScheduleNextIteration();

        _loop.Dispatcher.RunOnce(maxWaitMs: 60_000);

        Assert.Equal(["x"], _ran);
    }

    [Fact]
    public void Callback_ScheduledTwice_RunsOnce()
    {
        SchedulableCallback callback = Create("x");
        callback.ScheduleNextIteration();
        callback.ScheduleCurrentIteration();

        _loop.Run();
        _loop.Run();

        Assert.Single(_ran);
    }

    [Fact]
    public void Callback_Cancelled_DoesNotRun()
    {
        SchedulableCallback callback = Create("x");
        callback.ScheduleCurrentIteration();
        callback.Cancel();

        _loop.Run();

        Assert.Empty(_ran);
        Assert.False(callback.IsScheduled);
    }

    private SchedulableCallback Create(string name) => _loop.Dispatcher.CreateCallback(new LambdaCallback(_ => _ran.Add(name)));
}
