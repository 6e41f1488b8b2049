using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Hosts;

/// <summary>What an update of a cluster's hosts came to.</summary>
/// <param name="Set">The new snapshot.</param>
/// <param name="Added">Hosts that were not there.</param>
/// <param name="Removed">Hosts that are gone: their pools drain, then their stat slots are recycled.</param>
/// <param name="IsChanged">False when nothing that a worker could notice differs: nothing need be published.</param>
public readonly record struct HostsUpdate(PrioritySet Set, IReadOnlyList<Host> Added, IReadOnlyList<Host> Removed, bool IsChanged);

/// <summary>
/// The hosts of one cluster on the main thread: keeps a host's identity while discovery names the same address, name and locality, and
/// builds the snapshots. Thread: main.
/// </summary>
public sealed class ClusterHosts
{
    private readonly StatStore _stats;
    private readonly CommonLbSettings _settings;
    private readonly HostIdentity _identity;
    private Dictionary<object, Host> _byKey = [];
    private List<(LocalityEndpointsModel Locality, List<Host> Hosts)> _localities = [];
    private LoadAssignmentModel _assignment = LoadAssignmentModel.Empty;

    /// <param name="stats">Where the hosts' slots come from.</param>
    /// <param name="settings">The cluster's.</param>
    /// <param name="identity">By what hosts are recognised.</param>
    public ClusterHosts(StatStore stats, CommonLbSettings settings, HostIdentity identity)
    {
        _stats = stats;
        _settings = settings;
        _identity = identity;
    }

    /// <summary>The last snapshot.</summary>
    public PrioritySet Current { get; private set; } = PrioritySet.Empty;

    /// <summary>Takes over what discovery says.</summary>
    public HostsUpdate Update(LoadAssignmentModel assignment)
    {
        bool changed = assignment.OverprovisioningFactorPercent != _assignment.OverprovisioningFactorPercent
            || assignment.WeightedPriorityHealth != _assignment.WeightedPriorityHealth;
        Dictionary<object, Host> old = _byKey;
        Dictionary<object, Host> next = new(old.Count);
        List<(LocalityEndpointsModel Locality, List<Host> Hosts)> oldLocalities = _localities;
        List<Host> added = [];
        _localities = new(assignment.Localities.Count);
        _assignment = assignment;
        foreach (LocalityEndpointsModel locality in assignment.Localities)
        {
            List<Host> hosts = new(locality.Endpoints.Count);
            foreach (HostModel model in locality.Endpoints)
            {
                object key = _identity == HostIdentity.Hostname ? model.Hostname : model.Address;
                if (next.TryGetValue(key, out Host? twin))
                {
                    if (_identity == HostIdentity.AddressWithDuplicates)
                    {
                        hosts.Add(twin);
                    }

                    continue;
                }

                if (old.TryGetValue(key, out Host? host) && host.IsSameAs(model, locality.Locality))
                {
                    old.Remove(key);
                    changed |= host.Update(model, locality.Priority);
                }
                else
                {
                    host = new Host(model, locality, _stats.Reserve(HostStats.Host.Count));
                    added.Add(host);
                }

                next.Add(key, host);
                hosts.Add(host);
            }

            _localities.Add((locality, hosts));
        }

        _byKey = next;
        changed |= added.Count > 0 || old.Count > 0 || !SameMembers(oldLocalities, _localities);
        Current = changed ? Build() : Current;
        return new HostsUpdate(Current, added, [.. old.Values], changed);
    }

    /// <summary>A new snapshot after health flags changed.</summary>
    public PrioritySet Refresh() => Current = Build();

    /// <summary>Every host once, in no order.</summary>
    public IReadOnlyCollection<Host> Unique => _byKey.Values;

    /// <summary>Every host, in configured order.</summary>
    public IEnumerable<Host> All()
    {
        foreach ((_, List<Host> hosts) in _localities)
        {
            foreach (Host host in hosts)
            {
                yield return host;
            }
        }
    }

    /// <summary>The same hosts may have moved to another locality or priority, or occur another number of times.</summary>
    private static bool SameMembers(
        List<(LocalityEndpointsModel Locality, List<Host> Hosts)> a,
        List<(LocalityEndpointsModel Locality, List<Host> Hosts)> b)
    {
        if (a.Count != b.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Count; i++)
        {
            LocalityEndpointsModel x = a[i].Locality;
            LocalityEndpointsModel y = b[i].Locality;
            bool same = x.Priority == y.Priority && x.Weight == y.Weight && x.Locality == y.Locality
                && CollectionsMarshal.AsSpan(a[i].Hosts).SequenceEqual(CollectionsMarshal.AsSpan(b[i].Hosts));
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    private PrioritySet Build()
    {
        uint priorities = 0;
        foreach ((LocalityEndpointsModel locality, _) in _localities)
        {
            priorities = Math.Max(priorities, locality.Priority + 1);
        }

        var sets = new HostSet[priorities];
        for (uint priority = 0; priority < priorities; priority++)
        {
            List<Host> all = [];
            List<LocalityHosts> localities = [];
            foreach ((LocalityEndpointsModel locality, List<Host> hosts) in _localities)
            {
                if (locality.Priority == priority)
                {
                    all.AddRange(hosts);
                    localities.Add(new LocalityHosts(locality.Locality, locality.Weight, new HostGroup(hosts)));
                }
            }

            sets[priority] = new HostSet(
                priority,
                new HostGroup(all),
                [.. localities],
                _assignment.OverprovisioningFactorPercent,
                _assignment.WeightedPriorityHealth);
        }

        return new PrioritySet(sets, _settings);
    }
}
