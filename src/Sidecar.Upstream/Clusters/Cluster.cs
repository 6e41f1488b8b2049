using System;
using System.Collections.Generic;
using System.Diagnostics;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Clusters;

/// <summary>One generation of a cluster on main: its hosts, and whether it is ready for the workers. Thread: main.</summary>
public sealed class Cluster
{
    private readonly ClusterManager _manager;
    private readonly StatBlock _endpointStats;
    private int _warmingHolds;
    private bool _awaitsHosts;
    private ClusterDiscovery? _discovery;

    internal Cluster(ClusterManager manager, ClusterGeneration generation, ClusterHosts hosts)
    {
        _manager = manager;
        Generation = generation;
        Hosts = hosts;
        StatSheet sheet = manager.Recycler.Registry.Main.Stats;
        _endpointStats = sheet.Block(generation.Stats.Endpoint);
        ConfigUpdateStats = sheet.Block(generation.Stats.ConfigUpdate);
        Merge = new UpdateMerge(this, manager);
        State = ClusterState.Warming;
    }

    public int Id => Generation.Id;

    public string Name => Model.Name;

    public ClusterModel Model => Generation.Model;

    /// <summary>Where the cluster's stats lie.</summary>
    public ClusterStats Stats => Generation.Stats;

    public ClusterState State { get; private set; }

    /// <summary>All hosts, and the last set built of them.</summary>
    public ClusterHosts Hosts { get; }

    /// <summary>Main's block of <see cref="ClusterConfigStats.ConfigUpdate"/>, for whoever updates the hosts.</summary>
    public StatBlock ConfigUpdateStats { get; }

    /// <summary>What <see cref="LoadAssignmentModel.DropOverloadPerMillion"/> said last.</summary>
    public uint DropOverloadPerMillion { get; private set; }

    /// <summary>Raised on main when hosts came or went: added, removed.</summary>
    public event Action<IReadOnlyList<Host>, IReadOnlyList<Host>>? MembershipChanged;

    internal Event.Dispatcher MainDispatcher => _manager.Recycler.Registry.Main;

    internal ClusterGeneration Generation { get; }

    internal UpdateMerge Merge { get; }

    /// <summary>Takes over what discovery found; workers hear of it at once or, when only health or weights differ, within the merge window.</summary>
    public void UpdateHosts(LoadAssignmentModel assignment)
    {
        if (State == ClusterState.Removed)
        {
            return;
        }

        HostsUpdate update = Hosts.Update(assignment);
        bool dropChanged = DropOverloadPerMillion != assignment.DropOverloadPerMillion;
        DropOverloadPerMillion = assignment.DropOverloadPerMillion;
        foreach (Host host in update.Added)
        {
            host.Use = new HostUse(_manager.Recycler, host.Stats);
        }

        if (update.IsChanged || dropChanged)
        {
            OnHostsChanged(update.Added, update.Removed);
        }
        else
        {
            ConfigUpdateStats.Increment((int)ClusterConfigUpdateStat.UpdateNoRebuild);
        }

        OnHostsKnown();
    }

    /// <summary>Health flags of hosts were changed: sorts them anew for the workers.</summary>
    public void OnHealthChanged()
    {
        if (State != ClusterState.Removed)
        {
            Hosts.Refresh();
            OnHostsChanged([], []);
        }
    }

    /// <summary>Discovery did not answer within its initial fetch timeout: go on without hosts.</summary>
    public void OnInitialFetchTimeout() => OnHostsKnown();

    /// <summary>The cluster stays warming until a matching <see cref="ReleaseWarming"/>; from <see cref="ClusterObserver.OnWarming"/>.</summary>
    public void HoldWarming() => _warmingHolds++;

    public void ReleaseWarming()
    {
        Debug.Assert(_warmingHolds > 0, "released more often than held");
        _warmingHolds--;
        ActivateWhenReady();
    }

    /// <summary>Begins to warm; ends in the manager's activation, perhaps before it returns.</summary>
    internal void Start(ClusterDiscovery? discovery)
    {
        _discovery = discovery;
        _awaitsHosts = Model.Type is ClusterDiscoveryType.Eds or ClusterDiscoveryType.StrictDns or ClusterDiscoveryType.LogicalDns;
        HoldWarming();
        _manager.TellWarming(this);
        if (Model.Type == ClusterDiscoveryType.Static)
        {
            UpdateHosts(Model.LoadAssignment);
        }

        discovery?.Start();
        ReleaseWarming();
    }

    internal void OnActivated() => State = ClusterState.Active;

    /// <summary>Replaced or removed: nothing more is published. The workers have let go once <see cref="ReleaseUses"/> is called.</summary>
    internal void Stop()
    {
        State = ClusterState.Removed;
        _discovery?.Stop();
        Merge.Cancel();
    }

    internal void ReleaseUses()
    {
        foreach (Host host in Hosts.Unique)
        {
            host.Use!.Release();
        }

        Generation.Release();
    }

    internal ClusterSnapshot Snapshot() => new(Generation, Hosts.Current, DropOverloadPerMillion);

    private void OnHostsChanged(IReadOnlyList<Host> added, IReadOnlyList<Host> removed)
    {
        bool membership = added.Count > 0 || removed.Count > 0;
        if (membership)
        {
            _endpointStats.Increment((int)ClusterEndpointStat.MembershipChange);
        }

        SetMembershipGauges();
        Merge.Publish(isMergeable: !membership, removed);
        if (membership)
        {
            MembershipChanged?.Invoke(added, removed);
        }
    }

    private void SetMembershipGauges()
    {
        PrioritySet hosts = Hosts.Current;
        uint maxWeight = 0;
        foreach (Host host in Hosts.Unique)
        {
            maxWeight = Math.Max(maxWeight, host.Weight);
        }

        _endpointStats.Set((int)ClusterEndpointStat.MembershipTotal, hosts.HostCount);
        _endpointStats.Set((int)ClusterEndpointStat.MembershipHealthy, hosts.HealthyCount);
        _endpointStats.Set((int)ClusterEndpointStat.MembershipDegraded, hosts.DegradedCount);
        _endpointStats.Set((int)ClusterEndpointStat.MembershipExcluded, hosts.ExcludedCount);
        _endpointStats.Set((int)ClusterEndpointStat.MaxHostWeight, maxWeight);
    }

    private void OnHostsKnown()
    {
        _awaitsHosts = false;
        ActivateWhenReady();
    }

    private void ActivateWhenReady()
    {
        if (State == ClusterState.Warming && _warmingHolds == 0 && !_awaitsHosts)
        {
            _manager.Activate(this);
        }
    }
}
