using System;
using System.Collections.Generic;
using System.Net;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Event.Slots;
using Sidecar.Network;
using Sidecar.Testing.Time;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Dns;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests;

/// <summary>A cluster manager with main and two workers on one thread and simulated time.</summary>
internal sealed class ClusterFixture : IDisposable
{
    private readonly List<Dispatcher> _workers = [];
    private readonly ThreadLocalRegistry _registry;

    public ClusterFixture()
    {
        Main = new Dispatcher("main_thread", Time, Store.CreateSheet("main_thread"));
        _registry = new ThreadLocalRegistry(Main);
        for (int i = 0; i < 2; i++)
        {
            var worker = new Dispatcher($"worker_{i}", Time, Store.CreateSheet($"worker_{i}"));
            _workers.Add(worker);
            _registry.RegisterWorker(worker);
        }

        Manager = new ClusterManager(_registry, new Worker(2, 3, Main, seed: 7), Store, Names, Resolver);
        for (int i = 0; i < 2; i++)
        {
            Tables.Add(Manager.AddWorker(new Worker(i, 3, _workers[i], seed: 7)));
        }
    }

    public SimulatedTimeSource Time { get; } = new();

    public StatStore Store { get; } = new();

    public ClusterNames Names { get; } = new();

    public FakeResolver Resolver { get; } = new();

    public Dispatcher Main { get; }

    public ClusterManager Manager { get; }

    public List<ClusterTable> Tables { get; } = [];

    /// <summary>From here on workers hear of changes when <see cref="RunWorkers"/> runs them.</summary>
    public void StartWorkers() => _registry.OnWorkersStarting();

    public void RunWorkers()
    {
        foreach (Dispatcher worker in _workers)
        {
            worker.Run(RunType.NonBlock);
        }
    }

    /// <summary>Runs the first worker until something is true.</summary>
    public void RunWorkerUntil(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 400, "within 20 s");
            _workers[0].RunOnce(maxWaitMs: 50);
        }
    }

    /// <summary>Moves time and lets the first worker's timers fire.</summary>
    public void AdvanceWorker(long ms) => Time.AdvanceAndRun(_workers[0], ms);

    public void RunMain() => Main.Run(RunType.NonBlock);

    /// <summary>Until grace periods and what follows from them are over.</summary>
    public void Settle()
    {
        for (int i = 0; i < 5; i++)
        {
            RunWorkers();
            RunMain();
        }
    }

    public void Advance(long ms)
    {
        Time.AdvanceAndRun(Main, ms);
        RunWorkers();
    }

    public ClusterWorkerState? Get(string name, int worker = 0) => Tables[worker].Get(Names.Intern(name));

    public long Stat(ClusterManagerStat stat) => Read("cluster_manager.", ClusterManagerStats.ClusterManager, (int)stat);

    public long Stat(ClusterConfigUpdateStat stat) => Read("cluster.c.", ClusterConfigStats.ConfigUpdate, (int)stat);

    public long Stat(ClusterEndpointStat stat) => Read("cluster.c.", ClusterConfigStats.Endpoint, (int)stat);

    public void Dispose()
    {
        Main.Dispose();
        foreach (Dispatcher worker in _workers)
        {
            worker.Dispose();
        }
    }

    private long Read(string scope, StatTable table, int line)
    {
        foreach (StatStore.Instance instance in Store.Instances)
        {
            if (instance.Scope == scope && instance.Table == table)
            {
                return Store.Sum(instance, line);
            }
        }

        return -1;
    }
}

/// <summary>Answers when the test says so.</summary>
internal sealed class FakeResolver : DnsResolver
{
    public List<DnsQuery> Queries { get; } = [];

    public override void Resolve(DnsQuery query) => Queries.Add(query);

    /// <summary>Answers the oldest open query for a name.</summary>
    public void Answer(Dispatcher main, string name, params string[] addresses) =>
        Complete(main, name, DnsStatus.Completed, Array.ConvertAll(addresses, IPAddress.Parse));

    public void Fail(Dispatcher main, string name) => Complete(main, name, DnsStatus.Failure, []);

    private void Complete(Dispatcher main, string name, DnsStatus status, IPAddress[] addresses)
    {
        DnsQuery query = Queries.Find(q => q.Name == name) ?? throw new InvalidOperationException($"nobody asked for {name}");
        Queries.Remove(query);
        query.Complete(status, addresses);
        main.Post(query);
        main.Run(RunType.NonBlock);
    }
}
