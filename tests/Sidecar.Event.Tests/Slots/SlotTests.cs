using System;
using System.Collections.Generic;
using System.Threading;
using Sidecar.Event.Slots;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Threads;

namespace Sidecar.Event.Tests.Slots;

public sealed class SlotTests : IDisposable
{
    private readonly TestLoop _main = new("main_thread");
    private readonly TestLoop _worker0 = new("worker_0");
    private readonly TestLoop _worker1 = new("worker_1");
    private readonly ThreadLocalRegistry _registry;
    private readonly SlotAllocator _slots;

    public SlotTests()
    {
        _registry = new ThreadLocalRegistry(_main.Dispatcher);
        _registry.RegisterWorker(_worker0.Dispatcher);
        _registry.RegisterWorker(_worker1.Dispatcher);
        _slots = new SlotAllocator(_registry);
    }

    public void Dispose()
    {
        _main.Dispose();
        _worker0.Dispose();
        _worker1.Dispose();
    }

    [Fact]
    public void Publish_BeforeWorkersStart_IsSeenAtOnce()
    {
        Slot<string> slot = _slots.Allocate<string>();

        slot.Publish("v1");

        Assert.Equal("v1", slot.Current(_main.Dispatcher));
        Assert.Equal("v1", slot.Current(_worker0.Dispatcher));
        Assert.Equal("v1", slot.Get(_worker1.Dispatcher.Slots));
    }

    [Fact]
    public void Publish_WhileWorkersRun_EachSeesItAfterItsPosts()
    {
        Slot<string> slot = _slots.Allocate<string>();
        slot.Publish("v1");
        _registry.OnWorkersStarting();

        slot.Publish("v2");
        Assert.Equal("v2", slot.Current(_main.Dispatcher));
        Assert.Equal("v1", slot.Current(_worker0.Dispatcher));
        _worker0.Run();

        Assert.Equal("v2", slot.Current(_worker0.Dispatcher));
        Assert.Equal("v1", slot.Current(_worker1.Dispatcher));
    }

    [Fact]
    public void Quiesced_RunsOnMainAfterTheLastWorkerSwapped()
    {
        Slot<string> slot = _slots.Allocate<string>();
        slot.Publish("v1");
        _registry.OnWorkersStarting();
        bool isQuiesced = false;

        slot.Publish("v2", () => isQuiesced = true);
        _worker0.Run();
        _main.Run();
        Assert.False(isQuiesced);
        _worker1.Run();
        Assert.False(isQuiesced);
        _main.Run();

        Assert.True(isQuiesced);
    }

    [Fact]
    public void Quiesced_WithoutRunningWorkers_StillComesFromTheLoop()
    {
        Slot<string> slot = _slots.Allocate<string>();
        bool isQuiesced = false;

        slot.Publish("v1", () => isQuiesced = true);
        Assert.False(isQuiesced);
        _main.Run();

        Assert.True(isQuiesced);
    }

    [Fact]
    public void Slot_Freed_IndexIsReusedOnlyAfterTheGracePeriod()
    {
        Slot<string> old = _slots.Allocate<string>();
        old.Publish("old");
        _registry.OnWorkersStarting();
        old.Dispose();

        // The worker has not let go: a new slot must not take the place.
        Slot<string> early = _slots.Allocate<string>();
        early.Publish("early");
        Assert.Equal("old", old.Current(_worker0.Dispatcher));
        _worker0.Run();
        _worker1.Run();
        _main.Run();
        Slot<object> late = _slots.Allocate<object>();
        var value = new object();
        late.Publish(value);
        _worker0.Run();

        Assert.Equal("early", early.Current(_worker0.Dispatcher));
        Assert.Same(value, _worker0.Dispatcher.Slots.Get<object>(0));
    }

    [Fact]
    public void Slots_Many_KeepTheirValuesApart()
    {
        var slots = new List<Slot<string>>();
        for (int i = 0; i < 500; i++)
        {
            Slot<string> slot = _slots.Allocate<string>();
            slot.Publish(i.ToString());
            slots.Add(slot);
        }

        for (int i = 0; i < slots.Count; i++)
        {
            Assert.Equal(i.ToString(), slots[i].Current(_worker1.Dispatcher));
        }
    }

    [Fact]
    public void Publish_ToRealThreads_EveryOldSnapshotQuiescesAndNoneIsReadAfterwards()
    {
        const int rounds = 2000;
        using var main = new TestLoop("main_thread");
        var registry = new ThreadLocalRegistry(main.Dispatcher);
        Dispatcher[] dispatchers = [TestLoop.CreateReal("worker_0"), TestLoop.CreateReal("worker_1")];
        Array.ForEach(dispatchers, registry.RegisterWorker);
        Slot<Snapshot> slot = new SlotAllocator(registry).Allocate<Snapshot>();
        slot.Publish(new Snapshot());
        registry.OnWorkersStarting();
        int readsOfDead = 0;
        WorkerThread[] threads = Array.ConvertAll(dispatchers, d => new WorkerThread(d));
        Array.ForEach(dispatchers, d => Reader(d, slot, () => Interlocked.Increment(ref readsOfDead)).ScheduleCurrentIteration());
        Array.ForEach(threads, t => t.Start());
        int quiesced = 0;
        for (int i = 0; i < rounds; i++)
        {
            Snapshot old = slot.Current(main.Dispatcher);
            slot.Publish(new Snapshot(), () =>
            {
                Volatile.Write(ref old.IsDead, true);
                quiesced++;
            });
            main.Run();
        }

        main.RunUntil(() => quiesced == rounds, "grace periods");
        Array.ForEach(dispatchers, d => d.Exit());
        Array.ForEach(threads, t => t.Join());
        Array.ForEach(dispatchers, d => d.Dispose());

        Assert.Equal(0, readsOfDead);
    }

    private static SchedulableCallback Reader(Dispatcher dispatcher, Slot<Snapshot> slot, Action onDead) =>
        dispatcher.CreateCallback(new LambdaCallback(callback =>
        {
            if (Volatile.Read(ref slot.Current(dispatcher).IsDead))
            {
                onDead();
            }

            callback.ScheduleNextIteration();
        }));

    private sealed class Snapshot
    {
        public bool IsDead;
    }
}
