using System;
using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Threads;

namespace Sidecar.Event.Tests.Threads;

public sealed class GuardDogTests : IDisposable
{
    private readonly TestLoop _worker = new();
    private readonly StatStore _store = new();
    private readonly List<string> _kills = [];
    private GuardDog? _dog;

    public void Dispose()
    {
        _dog?.Dispose();
        _worker.Dispose();
    }

    [Fact]
    public void Thread_ThatMoves_IsNotCounted()
    {
        Watch(new GuardDogConfig());

        for (int i = 0; i < 20; i++)
        {
            _worker.Advance(100);
            _dog!.Check();
        }

        Assert.Equal(0, Sum("workers.", GuardDogStats.WatchdogMiss));
    }

    [Fact]
    public void Thread_ThatStandsStill_IsCountedOncePerSpellAndLimit()
    {
        Watch(new GuardDogConfig());
        Stall(250);
        Stall(250);
        Assert.Equal(1, Sum("workers.", GuardDogStats.WatchdogMiss));
        Assert.Equal(0, Sum("workers.", GuardDogStats.WatchdogMegaMiss));
        Stall(600);
        Assert.Equal(1, Sum("workers.", GuardDogStats.WatchdogMegaMiss));

        _worker.Run();
        Stall(0);
        Stall(250);

        Assert.Equal(2, Sum("workers.", GuardDogStats.WatchdogMiss));
        Assert.Equal(2, Sum("server.worker_0.", GuardDogStats.WatchdogMiss));
        Assert.Empty(_kills);
    }

    [Fact]
    public void Thread_StuckBeyondKill_EndsTheProcessNamingIt()
    {
        Watch(new GuardDogConfig(KillMs: 5000));

        Stall(5001);

        Assert.Contains("worker_0", Assert.Single(_kills));
    }

    [Fact]
    public void OneThread_StuckBeyondMultiKill_IsNotSeveral()
    {
        Watch(new GuardDogConfig(MultiKillMs: 5000));

        Stall(5001);

        Assert.Empty(_kills);
    }

    private void Watch(GuardDogConfig config)
    {
        _dog = new GuardDog("workers", config, _store, _worker.Time, _kills.Add);
        _dog.Watch(_worker.Dispatcher);
        _worker.Run();
        _dog.Check();
    }

    /// <summary>Time passes while the worker does not run.</summary>
    private void Stall(long ms)
    {
        _worker.Time.AdvanceMs(ms);
        _dog!.Check();
    }

    private long Sum(string scope, int offset) => _store.Sum(_store.Register(scope, GuardDogStats.Table), offset);
}
