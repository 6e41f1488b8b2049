using System;
using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Network.Addresses;

namespace Sidecar.Network.Listeners;

/// <summary>
/// The listeners of the process: binds their sockets, tells the workers, drains what was replaced or removed. Thread: main.
/// </summary>
/// <remarks>
/// A listener that changes keeps its sockets: workers swap the generation that new connections get, between two connections, so
/// that none is refused. Connections of the old generation are asked to go (its <see cref="DrainSignal"/>) and closed when the drain time
/// is over.
/// </remarks>
public sealed class ListenerManager
{
    private readonly Dispatcher _main;
    private readonly IReadOnlyList<Worker> _workers;
    private readonly StatStore _stats;
    private readonly StatBlock _managerStats;
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly ListenerManagerOptions _options;
    private int _draining;

    public ListenerManager(Dispatcher main, IReadOnlyList<Worker> workers, StatStore stats, ListenerManagerOptions options)
    {
        _main = main;
        _workers = workers;
        _stats = stats;
        _options = options;
        _managerStats = main.Stats.Block(options.IsNamedInStats
            ? stats.Register("listener_manager.", ListenerStats.ListenerManager).Range
            : stats.Reserve(ListenerStats.ListenerManager.Count));
    }

    /// <summary>Set when the whole server drains (shutdown, failed health check).</summary>
    public DrainSignal ServerDrain { get; } = new();

    /// <summary>Connections over all listeners.</summary>
    public ConnectionLimit GlobalLimit { get; } = new(0);

    /// <summary>Listeners that accept, by name.</summary>
    public IEnumerable<(ListenerModel Model, Address BoundAddress)> Active
    {
        get
        {
            foreach (Entry entry in _entries.Values)
            {
                yield return (entry.Generation.Model, entry.Sockets.Address);
            }
        }
    }

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The workers have started; from here on they serve the listeners.</summary>
    public void SetWorkersStarted() => _managerStats.Set((int)ListenerManagerStat.WorkersStarted, 1);

    /// <summary>How many listeners wait for their secrets and routes.</summary>
    public void SetWarming(int count) => _managerStats.Set((int)ListenerManagerStat.TotalListenersWarming, count);

    /// <summary>Adds a listener or replaces its configuration. Null, or why its address cannot be bound: what ran before goes on.</summary>
    public string? AddOrUpdate(ListenerModel model)
    {
        _entries.TryGetValue(model.Name, out Entry? existing);
        ListenSockets? sockets = existing?.Sockets;
        bool rebind = existing is null || !existing.Generation.Model.Address.Equals(model.Address)
            || existing.Generation.Model.ReusePort != model.ReusePort;
        if (rebind)
        {
            sockets = ListenSockets.TryCreate(model, _workers.Count, out string error);
            if (sockets is null)
            {
                _managerStats.Increment((int)ListenerManagerStat.ListenerCreateFailure);
                return error;
            }
        }

        if (existing is null)
        {
            Add(model, sockets!);
        }
        else if (rebind)
        {
            Retire(existing);
            Add(model, sockets!);
            _managerStats.Increment((int)ListenerManagerStat.ListenerModified);
        }
        else
        {
            Update(existing, model);
        }

        UpdateGauges();
        return null;
    }

    /// <summary>Removes a listener: stops accepting, drains its connections. False when there is none of that name.</summary>
    public bool Remove(string name)
    {
        if (!_entries.Remove(name, out Entry? entry))
        {
            return false;
        }

        Retire(entry);
        _managerStats.Increment((int)ListenerManagerStat.ListenerRemoved);
        UpdateGauges();
        return true;
    }

    /// <summary>Stops accepting on every listener that the predicate names; connections go on until they drain.</summary>
    public void StopListeners(Predicate<ListenerModel> which)
    {
        foreach (Entry entry in _entries.Values)
        {
            if (!entry.Stopped && which(entry.Generation.Model))
            {
                entry.Stopped = true;
                _managerStats.Increment((int)ListenerManagerStat.ListenerStopped);
                PostToWorkers(entry, static (worker, e) => e.OnWorkers[worker]?.Stop());
            }
        }
    }

    /// <summary>Connections of all listeners, over all workers.</summary>
    public long ConnectionCount
    {
        get
        {
            long count = 0;
            foreach (Entry entry in _entries.Values)
            {
                count += entry.Generation.Limit.Active;
            }

            return count;
        }
    }

    /// <summary>Asks every connection to end when what it is doing is done; those that do nothing close now.</summary>
    public void DrainAllConnections()
    {
        foreach (Entry entry in _entries.Values)
        {
            PostToWorkers(entry, static (worker, e) => e.OnWorkers[worker]?.Current.DrainConnections());
        }
    }

    /// <summary>Closes every connection at once; <paramref name="onDone"/> runs on main when all workers have.</summary>
    public void CloseAllConnections(Action onDone)
    {
        int left = _workers.Count;
        Entry[] entries = [.. _entries.Values];
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() =>
            {
                foreach (Entry entry in entries)
                {
                    entry.OnWorkers[target.Index]?.Current.CloseConnections();
                }

                _main.Post(() =>
                {
                    if (--left == 0)
                    {
                        onDone();
                    }
                });
            });
        }
    }

    private void Add(ListenerModel model, ListenSockets sockets)
    {
        var entry = new Entry(_workers.Count, sockets, CreateGeneration(model, sockets.Address, new ConnectionLimit(model.MaxConnections)));
        _entries[model.Name] = entry;
        ListenerGeneration generation = entry.Generation;
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() =>
                entry.OnWorkers[target.Index] = new WorkerListener(target, sockets.For(target.Index), generation, GlobalLimit));
        }

        _managerStats.Increment((int)ListenerManagerStat.ListenerAdded);
        _managerStats.Add((int)ListenerManagerStat.ListenerCreateSuccess, _workers.Count);
    }

    private void Update(Entry entry, ListenerModel model)
    {
        ListenerGeneration old = entry.Generation;
        old.Limit.SetMax(model.MaxConnections);
        ListenerGeneration generation = CreateGeneration(model, entry.Sockets.Address, old.Limit);
        entry.Generation = generation;
        var left = new WorkerListenerGeneration?[_workers.Count];
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() =>
            {
                WorkerListener listener = entry.OnWorkers[target.Index]!;
                left[target.Index] = listener.Current;
                listener.Update(generation);
            });
        }

        _managerStats.Increment((int)ListenerManagerStat.ListenerModified);
        DrainGeneration(old, left);
    }

    /// <summary>The listener is gone or moves to another address.</summary>
    private void Retire(Entry entry)
    {
        var left = new WorkerListenerGeneration?[_workers.Count];
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() =>
            {
                WorkerListener? listener = entry.OnWorkers[target.Index];
                if (listener is not null)
                {
                    listener.Stop();
                    left[target.Index] = listener.Current;
                }
            });
        }

        DrainGeneration(entry.Generation, left);
    }

    /// <summary>Asks the generation's connections to go; those that are left after the drain time are closed.</summary>
    private void DrainGeneration(ListenerGeneration generation, WorkerListenerGeneration?[] onWorkers)
    {
        _draining++;
        UpdateGauges();
        generation.Drain.Listener.Start(_main.NowNs, _options.DrainTimeMs, _options.DrainStrategy);
        var deadline = new DrainDeadline(this, generation, onWorkers);
        _main.CreateTimer(deadline).Enable(Math.Max(1, _options.DrainTimeMs));
    }

    private void OnDrained(ListenerGeneration generation, WorkerListenerGeneration?[] onWorkers)
    {
        _draining--;
        UpdateGauges();
        int left = _workers.Count;
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() =>
            {
                onWorkers[target.Index]?.CloseConnections();
                _main.Post(() =>
                {
                    if (--left == 0)
                    {
                        _options.OnGenerationGone?.Invoke(generation.Model);
                    }
                });
            });
        }
    }

    private ListenerGeneration CreateGeneration(ListenerModel model, Address bound, ConnectionLimit limit)
    {
        string scope = "listener." + (model.StatPrefix.Length > 0 ? model.StatPrefix : StatName(bound)) + ".";
        var workerStats = new StatRange[_workers.Count];
        for (int i = 0; i < workerStats.Length; i++)
        {
            workerStats[i] = _stats.Register($"{scope}worker_{i}.", ListenerStats.Worker).Range;
        }

        return new ListenerGeneration
        {
            Model = model,
            BoundAddress = bound,
            Stats = _stats.Register(scope, ListenerStats.Listener).Range,
            WorkerStats = workerStats,
            Drain = new DrainDecision(new DrainSignal(), ServerDrain, model.DrainType),
            Limit = limit,
        };
    }

    /// <summary>Envoy's spelling of an address in a stat's name: <c>0.0.0.0_10000</c>.</summary>
    private static string StatName(Address address) => address.ToString().Replace(':', '_');

    private void PostToWorkers(Entry entry, Action<int, Entry> action)
    {
        foreach (Worker worker in _workers)
        {
            Worker target = worker;
            target.Dispatcher.Post(() => action(target.Index, entry));
        }
    }

    private void UpdateGauges()
    {
        _managerStats.Set((int)ListenerManagerStat.TotalListenersActive, _entries.Count);
        _managerStats.Set((int)ListenerManagerStat.TotalListenersDraining, _draining);
    }

    private sealed class Entry(int workers, ListenSockets sockets, ListenerGeneration generation)
    {
        public ListenSockets Sockets { get; } = sockets;

        public ListenerGeneration Generation { get; set; } = generation;

        /// <summary>Each element is written and read on its worker only.</summary>
        public WorkerListener?[] OnWorkers { get; } = new WorkerListener?[workers];

        public bool Stopped { get; set; }
    }

    private sealed class DrainDeadline(ListenerManager manager, ListenerGeneration generation, WorkerListenerGeneration?[] onWorkers)
        : Event.Timers.TimerHandler
    {
        public override void OnTimer(Event.Timers.Timer timer) => manager.OnDrained(generation, onWorkers);
    }
}

/// <summary>What the command line says about listeners. Immutable.</summary>
public sealed class ListenerManagerOptions
{
    /// <summary><c>--drain-time-s</c> in milliseconds.</summary>
    public long DrainTimeMs { get; init; } = 600_000;

    /// <summary><c>--drain-strategy</c>.</summary>
    public DrainStrategy DrainStrategy { get; init; }

    /// <summary>Whether it counts below <c>listener_manager.</c>; the admin's own listener does not.</summary>
    public bool IsNamedInStats { get; init; } = true;

    /// <summary>A generation's last connections are closed: its slots and native handles may go. Called on main.</summary>
    public Action<ListenerModel>? OnGenerationGone { get; init; }
}
