using System;
using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Event.Slots;
using Sidecar.Network;
using Sidecar.Upstream.Dns;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// All clusters by name: takes configurations, lets clusters warm, publishes them to the workers' <see cref="ClusterTable"/>s and
/// returns what was replaced once the workers have let go. Thread: main, but for <see cref="TableOf"/>.
/// </summary>
public sealed class ClusterManager
{
    private readonly DnsResolver _resolver;
    private readonly Dictionary<int, Cluster> _active = [];
    private readonly Dictionary<int, Cluster> _warming = [];
    private readonly List<ClusterObserver> _observers = [];
    private readonly List<ClusterTable> _tables = [];
    private readonly Dictionary<Event.Dispatcher, ClusterTable> _tableByDispatcher = [];
    private Action? _onInitialized;

    /// <param name="registry">Main and the workers.</param>
    /// <param name="main">Main's own connections (control plane, health checks) are made on this.</param>
    /// <param name="store">Where the stats are registered.</param>
    /// <param name="names">Shared with the route tables.</param>
    /// <param name="resolver">For DNS clusters.</param>
    public ClusterManager(ThreadLocalRegistry registry, Worker main, StatStore store, ClusterNames names, DnsResolver resolver)
    {
        Recycler = new StatRecycler(registry, store);
        Names = names;
        _resolver = resolver;
        Stats = registry.Main.Stats.Block(store.Register("cluster_manager.", ClusterManagerStats.ClusterManager).Range);
        MainTable = new ClusterTable(main);
    }

    public ClusterNames Names { get; }

    /// <summary>The clusters as main sees them.</summary>
    public ClusterTable MainTable { get; }

    public IReadOnlyCollection<Cluster> ActiveClusters => _active.Values;

    public IReadOnlyCollection<Cluster> WarmingClusters => _warming.Values;

    internal StatBlock Stats { get; }

    internal StatRecycler Recycler { get; }

    internal long NowMs => Recycler.Registry.Main.NowMs;

    /// <summary>Adds a worker before it starts; workers are added in the order of their indexes.</summary>
    public ClusterTable AddWorker(Worker worker)
    {
        var table = new ClusterTable(worker);
        _tables.Add(table);
        _tableByDispatcher.Add(worker.Dispatcher, table);
        foreach (Cluster cluster in _active.Values)
        {
            table.Apply(cluster.Snapshot());
        }

        return table;
    }

    /// <summary>A worker's table. Thread: any, once all workers were added.</summary>
    public ClusterTable TableOf(Worker worker) => _tables[worker.Index];

    public void AddObserver(ClusterObserver observer) => _observers.Add(observer);

    /// <summary>The active cluster of a name; null when there is none.</summary>
    public Cluster? FindActive(string name) => _active.GetValueOrDefault(Names.Intern(name));

    /// <summary>The warming cluster of a name; null when there is none.</summary>
    public Cluster? FindWarming(string name) => _warming.GetValueOrDefault(Names.Intern(name));

    /// <summary>
    /// Adds a cluster, or replaces the one of its name once the new one is warm. False when nothing differs from what runs.
    /// </summary>
    public bool AddOrUpdate(ClusterModel model)
    {
        int id = Names.Intern(model.Name);
        Cluster? active = _active.GetValueOrDefault(id);
        Cluster? warming = _warming.GetValueOrDefault(id);
        if (IsSame(warming ?? active, model))
        {
            return false;
        }

        bool isNew = active is null && warming is null;
        Increment(isNew ? ClusterManagerStat.ClusterAdded : ClusterManagerStat.ClusterModified);
        if (warming is not null)
        {
            Drop(warming);
        }

        var generation = new ClusterGeneration(id, model, Recycler);
        var hosts = new ClusterHosts(Recycler.Store, model.CommonLb, IdentityOf(model.Type));
        var cluster = new Cluster(this, generation, hosts);
        _warming[id] = cluster;
        CountClusters();
        cluster.Start(DiscoveryOf(cluster));
        return true;
    }

    /// <summary>Removes a cluster that discovery added; those of the bootstrap stay. False when there is nothing to remove.</summary>
    public bool Remove(string name)
    {
        int id = Names.Intern(name);
        Cluster? active = _active.GetValueOrDefault(id);
        Cluster? warming = _warming.GetValueOrDefault(id);
        if ((active ?? warming) is not { Model.AddedViaApi: true })
        {
            return false;
        }

        if (warming is not null)
        {
            Drop(warming);
        }

        if (active is not null)
        {
            _active.Remove(id);
            active.Stop();
            MainTable.Remove(id, name);
            Recycler.Registry.RunOnAllWorkers(worker => _tableByDispatcher[worker].Remove(id, name), active.ReleaseUses);
            Tell(observer => observer.OnRemoved(active));
        }

        Increment(ClusterManagerStat.ClusterRemoved);
        CountClusters();
        return true;
    }

    /// <summary>All clusters of the bootstrap were added: <paramref name="onInitialized"/> runs, perhaps at once, when those are warm.</summary>
    public void OnStaticClustersAdded(Action onInitialized)
    {
        _onInitialized = onInitialized;
        CheckInitialized();
    }

    internal void TellWarming(Cluster cluster) => Tell(observer => observer.OnWarming(cluster));

    internal void Activate(Cluster cluster)
    {
        int id = cluster.Id;
        _warming.Remove(id);
        Cluster? old = _active.GetValueOrDefault(id);
        old?.Stop();
        _active[id] = cluster;
        cluster.OnActivated();
        PublishTo(cluster, old is null ? null : old.ReleaseUses);
        CountClusters();
        if (old is not null)
        {
            Tell(observer => observer.OnRemoved(old));
        }

        Tell(observer => observer.OnActive(cluster));
        CheckInitialized();
    }

    /// <summary>Hosts of a cluster changed; a warming one is published when it becomes active.</summary>
    internal void PublishHosts(Cluster cluster, IReadOnlyList<Host> removed)
    {
        if (cluster.State != ClusterState.Active)
        {
            ReleaseHosts(removed);
            return;
        }

        Increment(ClusterManagerStat.ClusterUpdated);
        PublishTo(cluster, removed.Count == 0 ? null : () => ReleaseHosts(removed));
    }

    private static void ReleaseHosts(IReadOnlyList<Host> hosts)
    {
        foreach (Host host in hosts)
        {
            host.Use!.Release();
        }
    }

    private static bool IsSame(Cluster? cluster, ClusterModel model) =>
        cluster is not null && cluster.Model.ConfigHash != 0 && cluster.Model.ConfigHash == model.ConfigHash;

    private static HostIdentity IdentityOf(ClusterDiscoveryType type) => type switch
    {
        ClusterDiscoveryType.Static => HostIdentity.AddressWithDuplicates,
        ClusterDiscoveryType.LogicalDns => HostIdentity.Hostname,
        _ => HostIdentity.Address,
    };

    private void PublishTo(Cluster cluster, Action? onQuiesced)
    {
        ClusterSnapshot snapshot = cluster.Snapshot();
        MainTable.Apply(snapshot);
        Recycler.Registry.RunOnAllWorkers(worker => _tableByDispatcher[worker].Apply(snapshot), onQuiesced);
    }

    /// <summary>A warming cluster that no worker has seen.</summary>
    private void Drop(Cluster warming)
    {
        _warming.Remove(warming.Id);
        warming.Stop();
        warming.ReleaseUses();
        Tell(observer => observer.OnRemoved(warming));
    }

    private ClusterDiscovery? DiscoveryOf(Cluster cluster) => cluster.Model.Type switch
    {
        ClusterDiscoveryType.StrictDns => new StrictDnsDiscovery(cluster, _resolver),
        ClusterDiscoveryType.LogicalDns => new LogicalDnsDiscovery(cluster, _resolver),
        _ => null,
    };

    private void CheckInitialized()
    {
        if (_onInitialized is null)
        {
            return;
        }

        foreach (Cluster cluster in _warming.Values)
        {
            if (!cluster.Model.AddedViaApi && cluster.Model.WaitForWarmOnInit)
            {
                return;
            }
        }

        Action onInitialized = _onInitialized;
        _onInitialized = null;
        onInitialized();
    }

    private void Tell(Action<ClusterObserver> what)
    {
        foreach (ClusterObserver observer in _observers)
        {
            what(observer);
        }
    }

    private void Increment(ClusterManagerStat stat) => Stats.Increment((int)stat);

    private void CountClusters()
    {
        Stats.Set((int)ClusterManagerStat.ActiveClusters, _active.Count);
        Stats.Set((int)ClusterManagerStat.WarmingClusters, _warming.Count);
    }
}
