using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Core.Collections;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>
/// A policy over one fixed list of hosts (the healthy ones of a priority, say); rebuilt when the list changes. Thread: its worker.
/// </summary>
internal abstract class HostPicker
{
    /// <summary>A host; null only when the list is empty.</summary>
    public abstract HostWorkerState? Pick();

    /// <summary>The picker of a policy for a list.</summary>
    public static HostPicker Create(LoadBalancerSettings settings, HostWorkerState[] hosts, uint[] weights, FastRandom random)
    {
        if (hosts.Length == 0)
        {
            return EmptyPicker.Instance;
        }

        bool isWeighted = false;
        foreach (uint weight in weights)
        {
            isWeighted |= weight != weights[0];
        }

        return settings.Policy switch
        {
            LoadBalancerPolicy.LeastRequest when isWeighted =>
                new WeightedLeastRequestPicker(hosts, weights, settings.ActiveRequestBias, random),
            LoadBalancerPolicy.LeastRequest => new LeastRequestPicker(hosts, settings.ChoiceCount, random),
            LoadBalancerPolicy.Random => new RandomPicker(hosts, random),
            _ when isWeighted => new WeightedRoundRobinPicker(hosts, weights, random),
            _ => new RoundRobinPicker(hosts, random),
        };
    }

    private sealed class EmptyPicker : HostPicker
    {
        public static readonly EmptyPicker Instance = new();

        public override HostWorkerState? Pick() => null;
    }
}
