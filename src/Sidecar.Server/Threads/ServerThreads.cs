using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Event;
using Sidecar.Event.Slots;
using Sidecar.Event.Threads;
using Sidecar.Network;

namespace Sidecar.Server.Threads;

/// <summary>
/// The dispatchers of main and the workers, and the workers' threads. Main's has a <see cref="Network.Worker"/> of its own, for the admin
/// and the connections to the control plane. Thread: main.
/// </summary>
internal sealed class ServerThreads
{
    private readonly List<WorkerThread> _threads = [];
    private readonly List<Worker> _workers = [];
    private bool _started;

    public ServerThreads(int concurrency, StatStore stats, TimeSource time)
    {
        ulong seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        Main = new Dispatcher("main_thread", time, stats.CreateSheet("main"));
        Registry = new ThreadLocalRegistry(Main);
        Slots = new SlotAllocator(Registry);
        for (int i = 0; i < concurrency; i++)
        {
            var dispatcher = new Dispatcher($"worker_{i}", time, stats.CreateSheet($"worker_{i}"));
            _workers.Add(new Worker(i, concurrency + 1, dispatcher, seed));
            Registry.RegisterWorker(dispatcher);
        }

        MainWorker = new Worker(concurrency, concurrency + 1, Main, seed);
        AdminWorker = new Worker(0, 1, Main, ~seed);
    }

    public Dispatcher Main { get; }

    public Worker MainWorker { get; }

    /// <summary>Main as the admin listener's only worker; its connections have ids of their own.</summary>
    public Worker AdminWorker { get; }

    public IReadOnlyList<Worker> Workers => _workers;

    public ThreadLocalRegistry Registry { get; }

    public SlotAllocator Slots { get; }

    /// <summary>Starts the workers' threads; their dispatchers are watched.</summary>
    public void StartWorkers(GuardDog guardDog)
    {
        Registry.OnWorkersStarting();
        _started = true;
        foreach (Worker worker in _workers)
        {
            guardDog.Watch(worker.Dispatcher);
            var thread = new WorkerThread(worker.Dispatcher);
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Ends the workers' loops and waits for their threads.</summary>
    public void StopWorkers()
    {
        if (!_started)
        {
            return;
        }

        foreach (Worker worker in _workers)
        {
            worker.Dispatcher.Exit();
        }

        foreach (WorkerThread thread in _threads)
        {
            thread.Join();
        }

        _started = false;
        Registry.OnWorkersStopped();
    }
}
