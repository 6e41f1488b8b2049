using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Hosts;

/// <summary>All hosts of a cluster by priority, and how the priorities share the load. Immutable; thread: any.</summary>
public sealed class PrioritySet
{
    public static readonly PrioritySet Empty = new([], CommonLbSettings.Default);

    internal PrioritySet(HostSet[] hostSets, CommonLbSettings settings)
    {
        HostSets = hostSets;
        Load = PriorityLoad.Compute(hostSets, settings.HealthyPanicThresholdPercent);
    }

    /// <summary>By priority; a priority without hosts has an empty set.</summary>
    public HostSet[] HostSets { get; }

    public PriorityLoad Load { get; }

    public int HostCount => Count(static group => group.All.Length);

    public int HealthyCount => Count(static group => group.Healthy.Length);

    public int DegradedCount => Count(static group => group.Degraded.Length);

    public int ExcludedCount => Count(static group => group.ExcludedCount);

    private int Count(System.Func<HostGroup, int> of)
    {
        int sum = 0;
        foreach (HostSet set in HostSets)
        {
            sum += of(set.Hosts);
        }

        return sum;
    }
}
