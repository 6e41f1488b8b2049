using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Clusters;

/// <summary>Where a cluster's stats lie in every sheet. Immutable; thread: any.</summary>
public sealed class ClusterStats
{
    private readonly List<StatStore.Instance> _instances = [];

    internal ClusterStats(StatStore store, ClusterModel model)
    {
        string scope = model.StatScope;
        ConfigUpdate = Register(store, scope, ClusterConfigStats.ConfigUpdate);
        Endpoint = Register(store, scope, ClusterConfigStats.Endpoint);
        LoadBalancing = Register(store, scope, ClusterConfigStats.LoadBalancing);
        Traffic = Register(store, scope, ClusterTrafficStats.Traffic);
        ResponseCodes = Register(store, scope, ResponseCodeStats.Table);
        Http1 = Register(store, scope + "http1.", Http1CodecStats.Table);
        Http2 = Register(store, scope + "http2.", Http2Stats.Table);
        CircuitBreakerThresholds defaults = model.CircuitBreakers.DefaultPriority;
        CircuitBreakerThresholds high = model.CircuitBreakers.HighPriority;
        DefaultBreakers = Register(store, scope + "circuit_breakers.default.", ResourceLimits.TableOf(defaults));
        HighBreakers = Register(store, scope + "circuit_breakers.high.", ResourceLimits.TableOf(high));
        Sizes = model.TrackRequestResponseSizes ? Register(store, scope, ClusterTrafficStats.Sizes) : default;
        TimeoutBudget = model.TrackTimeoutBudgets ? Register(store, scope, ClusterTrafficStats.TimeoutBudget) : default;
    }

    /// <summary><see cref="ClusterConfigStats.ConfigUpdate"/>.</summary>
    public StatRange ConfigUpdate { get; }

    /// <summary><see cref="ClusterConfigStats.Endpoint"/>.</summary>
    public StatRange Endpoint { get; }

    /// <summary><see cref="ClusterConfigStats.LoadBalancing"/>.</summary>
    public StatRange LoadBalancing { get; }

    /// <summary><see cref="ClusterTrafficStats.Traffic"/>.</summary>
    public StatRange Traffic { get; }

    /// <summary><see cref="ResponseCodeStats.Table"/>.</summary>
    public StatRange ResponseCodes { get; }

    /// <summary><see cref="Http1CodecStats.Table"/>.</summary>
    public StatRange Http1 { get; }

    /// <summary><see cref="Http2Stats.Table"/>.</summary>
    public StatRange Http2 { get; }

    /// <summary>Of the default priority; see <see cref="ResourceLimits.TableOf"/>.</summary>
    public StatRange DefaultBreakers { get; }

    /// <summary>Of the high priority.</summary>
    public StatRange HighBreakers { get; }

    /// <summary><see cref="ClusterTrafficStats.Sizes"/>; empty unless the cluster tracks them.</summary>
    public StatRange Sizes { get; }

    /// <summary><see cref="ClusterTrafficStats.TimeoutBudget"/>; empty unless the cluster tracks them.</summary>
    public StatRange TimeoutBudget { get; }

    /// <summary>Thread: main.</summary>
    internal void Release(StatRecycler recycler)
    {
        foreach (StatStore.Instance instance in _instances)
        {
            recycler.Release(instance);
        }
    }

    private StatRange Register(StatStore store, string scope, StatTable table)
    {
        StatStore.Instance instance = store.Register(scope, table);
        _instances.Add(instance);
        return instance.Range;
    }
}
