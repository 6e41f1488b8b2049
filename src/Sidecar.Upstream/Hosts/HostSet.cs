using System;
using System.Collections.Generic;

namespace Sidecar.Upstream.Hosts;

/// <summary>A host with the weight it had when its set was built.</summary>
public readonly record struct WeightedHost(Host Host, uint Weight);

/// <summary>Hosts sorted by health. Immutable; thread: any.</summary>
public sealed class HostGroup
{
    internal HostGroup(IReadOnlyList<Host> hosts)
    {
        var all = new WeightedHost[hosts.Count];
        List<WeightedHost> healthy = [];
        List<WeightedHost> degraded = [];
        for (int i = 0; i < all.Length; i++)
        {
            Host host = hosts[i];
            all[i] = new WeightedHost(host, host.Weight);
            TotalWeight += host.Weight;
            if (host.IsExcluded)
            {
                ExcludedCount++;
                ExcludedWeight += host.Weight;
            }

            switch (host.Health)
            {
                case HostHealth.Healthy:
                    healthy.Add(all[i]);
                    HealthyWeight += host.Weight;
                    break;
                case HostHealth.Degraded:
                    degraded.Add(all[i]);
                    DegradedWeight += host.Weight;
                    break;
            }
        }

        All = all;
        Healthy = healthy.Count == all.Length ? all : [.. healthy];
        Degraded = [.. degraded];
    }

    public WeightedHost[] All { get; }

    public WeightedHost[] Healthy { get; }

    public WeightedHost[] Degraded { get; }

    /// <summary>Hosts that count neither for nor against panic.</summary>
    public int ExcludedCount { get; }

    public ulong TotalWeight { get; }

    public ulong HealthyWeight { get; }

    public ulong DegradedWeight { get; }

    public ulong ExcludedWeight { get; }
}

/// <summary>The hosts of one locality within a priority. Immutable; thread: any.</summary>
/// <param name="Locality">Where they run.</param>
/// <param name="Weight">The locality's weight.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record LocalityHosts(Locality Locality, uint Weight, HostGroup Hosts)
{
    /// <summary>
    /// The weight scaled by how many of the locality's hosts are eligible, overprovisioned: a locality that lost a few hosts keeps its
    /// share, one that lost many gives up in proportion.
    /// </summary>
    /// <param name="eligibleCount">Its healthy or degraded hosts.</param>
    /// <param name="overprovisioningFactorPercent">See <see cref="HostSet"/>.</param>
    public double EffectiveWeight(int eligibleCount, uint overprovisioningFactorPercent)
    {
        int counted = Hosts.All.Length - Hosts.ExcludedCount;
        if (counted <= 0 || Weight == 0)
        {
            return 0;
        }

        double available = (double)eligibleCount / counted * overprovisioningFactorPercent / 100.0;
        return Weight * Math.Min(1.0, available);
    }
}

/// <summary>The hosts of one priority, as of one publication. Immutable; thread: any.</summary>
public sealed class HostSet
{
    internal HostSet(
        uint priority,
        HostGroup hosts,
        LocalityHosts[] localities,
        uint overprovisioningFactorPercent,
        bool weightedPriorityHealth)
    {
        Priority = priority;
        Hosts = hosts;
        Localities = localities;
        OverprovisioningFactorPercent = overprovisioningFactorPercent;
        WeightedPriorityHealth = weightedPriorityHealth;
    }

    public uint Priority { get; }

    /// <summary>All localities together.</summary>
    public HostGroup Hosts { get; }

    public LocalityHosts[] Localities { get; }

    public uint OverprovisioningFactorPercent { get; }

    /// <summary>Hosts count by their weights in <see cref="PriorityLoad"/>.</summary>
    public bool WeightedPriorityHealth { get; }
}
