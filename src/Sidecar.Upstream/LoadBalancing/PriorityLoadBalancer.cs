using System.Collections.Generic;
using Sidecar.Core.Collections;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>
/// The balancer behind ROUND_ROBIN, LEAST_REQUEST and RANDOM: priority first, then the hosts that its health allows, then (where
/// configured) the locality, then the policy's pick. Rebuilt from each snapshot; choosing allocates nothing. Thread: its worker.
/// </summary>
public sealed class PriorityLoadBalancer : LoadBalancer
{
    private readonly PriorityLoad _load;
    private readonly PriorityPickers[] _priorities;
    private readonly FastRandom _random;
    private readonly StatBlock _stats;
    private readonly bool _failTrafficOnPanic;

    /// <param name="model">The cluster's.</param>
    /// <param name="hosts">The snapshot to balance over.</param>
    /// <param name="states">This worker's state of each of its hosts.</param>
    /// <param name="stats">The cluster's <see cref="ClusterConfigStats.LoadBalancing"/>.</param>
    /// <param name="random">The worker's.</param>
    public PriorityLoadBalancer(
        ClusterModel model,
        PrioritySet hosts,
        IReadOnlyDictionary<Host, HostWorkerState> states,
        StatBlock stats,
        FastRandom random)
    {
        _load = hosts.Load;
        _stats = stats;
        _random = random;
        _failTrafficOnPanic = model.CommonLb.FailTrafficOnPanic;
        _priorities = new PriorityPickers[hosts.HostSets.Length];
        var builder = new PickerBuilder(model, states, random);
        for (int i = 0; i < _priorities.Length; i++)
        {
            _priorities[i] = builder.Build(hosts.HostSets[i], hosts.Load.Panic[i]);
        }
    }

    public override HostWorkerState? Choose(in LoadBalancerContext context)
    {
        HostWorkerState? host = ChooseOnce(in context);
        if (context.Predicate is null)
        {
            return host;
        }

        for (uint attempt = 0; attempt < context.HostSelectionRetryMaxAttempts; attempt++)
        {
            if (host is null || !context.Predicate.ShouldSelectAnotherHost(host.Host))
            {
                return host;
            }

            host = ChooseOnce(in context);
        }

        return host;
    }

    private HostWorkerState? ChooseOnce(in LoadBalancerContext context)
    {
        if (_priorities.Length == 0)
        {
            return null;
        }

        int priority = 0;
        var availability = HostAvailability.Healthy;
        if (_priorities.Length > 1 || _load.HealthyPercent[0] != 100)
        {
            PriorityLoad load = context.PriorityLoad ?? _load;
            (priority, availability) = load.Choose(context.HasHash ? context.Hash : _random.Next());
        }

        PriorityPickers pickers = _priorities[priority];
        if (pickers.Panic is not null)
        {
            _stats.Increment((int)ClusterLbStat.LbHealthyPanic);
            return _failTrafficOnPanic ? null : pickers.Panic.Pick();
        }

        return availability == HostAvailability.Healthy ? pickers.Healthy!.Pick() : pickers.Degraded!.Pick();
    }

    /// <summary>The lists of one priority; in panic only that of all hosts.</summary>
    private readonly record struct PriorityPickers(HostPicker? Healthy, HostPicker? Degraded, HostPicker? Panic);

    /// <summary>Compiles host sets to pickers; lives for one rebuild.</summary>
    private readonly struct PickerBuilder(
        ClusterModel model,
        IReadOnlyDictionary<Host, HostWorkerState> states,
        FastRandom random)
    {
        public PriorityPickers Build(HostSet set, bool panic)
        {
            if (panic)
            {
                return new PriorityPickers(null, null, Flat(set.Hosts.All));
            }

            if (!model.CommonLb.LocalityWeighted)
            {
                return new PriorityPickers(Flat(set.Hosts.Healthy), Flat(set.Hosts.Degraded), null);
            }

            return new PriorityPickers(ByLocality(set, HostAvailability.Healthy), ByLocality(set, HostAvailability.Degraded), null);
        }

        private HostPicker ByLocality(HostSet set, HostAvailability availability)
        {
            var pickers = new HostPicker[set.Localities.Length];
            var weights = new double[pickers.Length];
            for (int i = 0; i < pickers.Length; i++)
            {
                WeightedHost[] eligible = Eligible(set.Localities[i].Hosts, availability);
                pickers[i] = Flat(eligible);
                weights[i] = set.Localities[i].EffectiveWeight(eligible.Length, set.OverprovisioningFactorPercent);
            }

            var picker = new LocalityPicker(pickers, weights, random);
            return picker.IsEmpty ? Flat(Eligible(set.Hosts, availability)) : picker;
        }

        private HostPicker Flat(WeightedHost[] hosts)
        {
            var own = new HostWorkerState[hosts.Length];
            var weights = new uint[hosts.Length];
            for (int i = 0; i < hosts.Length; i++)
            {
                own[i] = states[hosts[i].Host];
                weights[i] = hosts[i].Weight;
            }

            return HostPicker.Create(model.LoadBalancer, own, weights, random);
        }

        private static WeightedHost[] Eligible(HostGroup hosts, HostAvailability availability) =>
            availability == HostAvailability.Healthy ? hosts.Healthy : hosts.Degraded;
    }
}
