using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Sidecar.Event.Posts;

namespace Sidecar.Event.Slots;

/// <summary>
/// The main dispatcher and the workers that follow what it publishes. Workers are registered before any of them starts; before the
/// start and after the stop there is no concurrency, and work for them runs directly. Thread: main.
/// </summary>
public sealed class ThreadLocalRegistry
{
    private readonly List<Dispatcher> _workers = [];
    private bool _areWorkersRunning;

    public ThreadLocalRegistry(Dispatcher main) => Main = main;

    public Dispatcher Main { get; }

    public IReadOnlyList<Dispatcher> Workers => _workers;

    /// <summary>Adds a worker that has not started yet.</summary>
    public void RegisterWorker(Dispatcher worker)
    {
        Debug.Assert(Main.IsCurrent && !_areWorkersRunning, "workers are registered on main before they start");
        _workers.Add(worker);
    }

    /// <summary>From here on work goes by posts. Call right before the worker threads start.</summary>
    public void OnWorkersStarting() => _areWorkersRunning = true;

    /// <summary>From here on work runs directly again. Call once the worker threads have ended.</summary>
    public void OnWorkersStopped() => _areWorkersRunning = false;

    /// <summary>Runs something on each worker, then something on main; in order with everything published before and after.</summary>
    /// <param name="work">Runs once on each worker's thread.</param>
    /// <param name="onDone">Runs on main after the last of them; never inside this call.</param>
    public void RunOnAllWorkers(Action<Dispatcher> work, Action? onDone = null)
    {
        Debug.Assert(Main.IsCurrent, "workers are reached from main");
        if (!_areWorkersRunning || _workers.Count == 0)
        {
            foreach (Dispatcher worker in _workers)
            {
                work(worker);
            }

            if (onDone is not null)
            {
                Main.Post(onDone);
            }

            return;
        }

        var broadcast = new Broadcast(this, work, onDone);
        foreach (Dispatcher worker in _workers)
        {
            worker.Post(new BroadcastPost(broadcast));
        }
    }

    /// <summary>One round: the last worker to finish tells main.</summary>
    private sealed class Broadcast(ThreadLocalRegistry registry, Action<Dispatcher> work, Action? onDone)
    {
        private int _left = registry._workers.Count;

        public void Run(Dispatcher worker)
        {
            work(worker);
            if (Interlocked.Decrement(ref _left) == 0 && onDone is not null)
            {
                registry.Main.Post(onDone);
            }
        }
    }

    private sealed class BroadcastPost(Broadcast broadcast) : PostedWork
    {
        public override void Run(Dispatcher dispatcher) => broadcast.Run(dispatcher);
    }
}
