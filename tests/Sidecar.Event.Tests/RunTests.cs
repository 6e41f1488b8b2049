using System;
using Sidecar.Core.Stats;
using Sidecar.Event.Io;
using Sidecar.Event.Tests.Harness;
using Sidecar.Testing.Time;

namespace Sidecar.Event.Tests;

public sealed class RunTests : IDisposable
{
    private readonly TestLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void NonBlock_NothingReady_ReturnsAtOnce()
    {
        bool fired = false;
        _loop.Dispatcher.CreateTimer(new LambdaTimer(_ => fired = true)).Enable(60_000);

        _loop.Dispatcher.Run(RunType.NonBlock);

        Assert.False(fired);
    }

    [Fact]
    public void Block_WorkThatMakesWork_EndsWhenNothingIsLeft()
    {
        int runs = 0;
        _loop.Dispatcher.Post(() => _loop.Dispatcher.CreateCallback(new LambdaCallback(callback =>
        {
            if (++runs < 3)
            {
                callback.ScheduleNextIteration();
            }
        })).ScheduleNextIteration());

        _loop.Dispatcher.Run(RunType.Block);

        Assert.Equal(3, runs);
    }

    [Fact]
    public void RunUntilExit_ExitInsideAHandler_FinishesTheIteration()
    {
        bool swept = false;
        _loop.Dispatcher.Post(() =>
        {
            _loop.Dispatcher.Exit();
            _loop.Dispatcher.DeferredDelete(new LambdaDelete(() => swept = true));
        });

        _loop.Dispatcher.Run(RunType.RunUntilExit);

        Assert.True(swept);
    }

    [Fact]
    public void RunUntilExit_AfterAnExit_RunsAgain()
    {
        _loop.Dispatcher.Exit();
        _loop.Dispatcher.Run(RunType.RunUntilExit);
        bool ran = false;
        _loop.Dispatcher.Post(() =>
        {
            ran = true;
            _loop.Dispatcher.Exit();
        });

        _loop.Dispatcher.Run(RunType.RunUntilExit);

        Assert.True(ran);
    }

    [Fact]
    public void Handler_Throws_ExceptionReachesTheCallerOfRun()
    {
        _loop.Dispatcher.Post(() => throw new InvalidOperationException("broken"));

        InvalidOperationException thrown = Assert.Throws<InvalidOperationException>(_loop.Run);

        Assert.Equal("broken", thrown.Message);
    }

    [Fact]
    public void Now_InsideAnIteration_StandsStill()
    {
        long before = 0;
        long after = 0;
        _loop.Dispatcher.Post(() =>
        {
            before = _loop.Dispatcher.NowNs;
            _loop.Time.AdvanceMs(5);
            after = _loop.Dispatcher.NowNs;
        });

        _loop.Run();
        _loop.Run();

        Assert.Equal(before, after);
        Assert.Equal(before + 5_000_000, _loop.Dispatcher.NowNs);
    }

    [Fact]
    public void Backend_Unknown_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Dispatcher("x", new SimulatedTimeSource(), new StatSheet("x"), (IoBackendKind)99));
    }
}
