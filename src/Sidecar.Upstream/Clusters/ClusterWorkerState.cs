using System;
using System.Collections.Generic;
using Sidecar.Core.Collections;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Http2.Streams;
using Sidecar.Network;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.LoadBalancing;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// One generation of a cluster on one worker: its balancer, its hosts with their pools, its circuit breakers and stats. Made at the
/// first request; drained when the cluster changes or goes, after which requests that hold it may finish. Thread: its worker.
/// </summary>
public sealed class ClusterWorkerState
{
    private readonly Worker _worker;
    private readonly FastRandom _random;
    private readonly ResourceLimits _defaultLimits;
    private readonly ResourceLimits _highLimits;
    private readonly Http1CodecFactory _http1;
    private readonly Http2CodecFactory _http2;
    private readonly Action<HostWorkerState> _onHostRetired;
    private readonly StatBlock _lbStats;
    private Dictionary<Host, HostWorkerState> _hosts = [];
    private ClusterSnapshot _snapshot;
    private LoadBalancer _balancer;
    private int _hostsInUse;
    private bool _isDraining;

    internal ClusterWorkerState(ClusterSnapshot snapshot, Worker worker, Http2StreamPool streams, FastRandom random)
    {
        _worker = worker;
        _random = random;
        _snapshot = snapshot;
        _onHostRetired = OnHostRetired;
        ClusterGeneration generation = snapshot.Generation;
        generation.Acquire();
        StatSheet sheet = worker.Dispatcher.Stats;
        ClusterStats stats = generation.Stats;
        Traffic = sheet.Block(stats.Traffic);
        ResponseCodes = sheet.Block(stats.ResponseCodes);
        Sizes = stats.Sizes.Length > 0 ? sheet.Block(stats.Sizes) : default;
        TimeoutBudget = stats.TimeoutBudget.Length > 0 ? sheet.Block(stats.TimeoutBudget) : default;
        _lbStats = sheet.Block(stats.LoadBalancing);
        CircuitBreakerSettings breakers = generation.Model.CircuitBreakers;
        _defaultLimits = new ResourceLimits(breakers.DefaultPriority, generation.DefaultCounts, sheet.Block(stats.DefaultBreakers));
        _highLimits = new ResourceLimits(breakers.HighPriority, generation.HighCounts, sheet.Block(stats.HighBreakers));
        _http1 = new Http1CodecFactory(generation.Model.Http1, sheet.Block(stats.Http1));
        _http2 = new Http2CodecFactory(generation.Model.Http2, streams, sheet.Block(stats.Http2));
        _balancer = Rebuild();
    }

    public int Id => _snapshot.Generation.Id;

    public ClusterModel Model => _snapshot.Generation.Model;

    /// <summary>The hosts of the last publication.</summary>
    public PrioritySet Hosts => _snapshot.Hosts;

    /// <summary>This worker's <see cref="ClusterTrafficStats.Traffic"/>.</summary>
    public StatBlock Traffic { get; }

    /// <summary>This worker's <see cref="ResponseCodeStats"/>.</summary>
    public StatBlock ResponseCodes { get; }

    /// <summary>This worker's <see cref="ClusterTrafficStats.Sizes"/>; not valid unless the cluster tracks them.</summary>
    public StatBlock Sizes { get; }

    /// <summary>This worker's <see cref="ClusterTrafficStats.TimeoutBudget"/>; not valid unless the cluster tracks them.</summary>
    public StatBlock TimeoutBudget { get; }

    /// <summary>True once the cluster has changed or gone: a retry should look the cluster up again.</summary>
    public bool IsDraining => _isDraining;

    internal ClusterGeneration Generation => _snapshot.Generation;

    public ResourceLimits Limits(ResourcePriority priority) => priority == ResourcePriority.High ? _highLimits : _defaultLimits;

    /// <summary>A host for a request; null when there is none (<c>upstream_cx_none_healthy</c> is counted).</summary>
    public HostWorkerState? ChooseHost(in LoadBalancerContext context)
    {
        HostWorkerState? host = _balancer.Choose(in context);
        if (host is null)
        {
            Traffic.Increment((int)ClusterTrafficStat.UpstreamCxNoneHealthy);
        }

        return host;
    }

    /// <summary>True when this request is among those that the load assignment wants dropped.</summary>
    public bool DropsRequest() => _snapshot.DropOverloadPerMillion > 0 && _random.Chance(_snapshot.DropOverloadPerMillion, 1_000_000);

    /// <summary>
    /// The pool of a host that <see cref="ChooseHost"/> gave; null when the cluster has as many pools as it may
    /// (<c>upstream_cx_pool_overflow</c> is counted).
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="priority">The route's.</param>
    /// <param name="downstream">The request's version, for clusters that use the downstream's.</param>
    public ConnectionPool? PoolOf(HostWorkerState host, ResourcePriority priority, HttpProtocol downstream)
    {
        bool isHttp2 = Model.HttpVersion == UpstreamHttpVersion.Http2
            || (Model.HttpVersion == UpstreamHttpVersion.UseDownstream && downstream == HttpProtocol.Http2);
        int slot = ((int)priority * 2) + (isHttp2 ? 1 : 0);
        return host.PoolAt(slot) ?? CreatePool(host, priority, slot, isHttp2);
    }

    /// <summary>New hosts of the same generation.</summary>
    internal void Apply(ClusterSnapshot snapshot)
    {
        bool drainsAll = Model.CommonLb.CloseConnectionsOnHostSetChange;
        _snapshot = snapshot;
        _balancer = Rebuild();
        if (drainsAll)
        {
            DrainPools();
        }
    }

    /// <summary>The cluster has changed or gone: connections finish their requests and close.</summary>
    internal void Drain()
    {
        if (_isDraining)
        {
            return;
        }

        _isDraining = true;
        Dictionary<Host, HostWorkerState> hosts = _hosts;
        _hosts = [];
        foreach (HostWorkerState host in hosts.Values)
        {
            host.Remove();
        }

        ReleaseWhenUnused();
    }

    /// <summary>Lets all connections finish and close while the cluster goes on with new ones.</summary>
    internal void DrainPools()
    {
        foreach (HostWorkerState host in _hosts.Values)
        {
            host.DrainPools();
        }
    }

    private ConnectionPool? CreatePool(HostWorkerState host, ResourcePriority priority, int slot, bool isHttp2)
    {
        ResourceLimits limits = Limits(priority);
        if (!limits.ConnectionPools.TryTake())
        {
            Traffic.Increment((int)ClusterTrafficStat.UpstreamCxPoolOverflow);
            return null;
        }

        var pool = new ConnectionPool(new PoolSettings
        {
            Worker = _worker,
            Cluster = Model,
            Host = host,
            Traffic = Traffic,
            Limits = limits,
            TransportSocket = Model.TransportSocket,
            Codec = isHttp2 ? _http2 : _http1,
        });
        host.SetPool(slot, pool);
        return pool;
    }

    /// <summary>Takes the snapshot's hosts over: state of those that stay is kept, pools of those that went drain.</summary>
    private PriorityLoadBalancer Rebuild()
    {
        Dictionary<Host, HostWorkerState> old = _hosts;
        _hosts = new(_snapshot.Hosts.HostCount);
        foreach (HostSet set in _snapshot.Hosts.HostSets)
        {
            foreach (WeightedHost entry in set.Hosts.All)
            {
                if (_hosts.ContainsKey(entry.Host))
                {
                    continue;
                }

                if (!old.Remove(entry.Host, out HostWorkerState? state))
                {
                    state = new HostWorkerState(entry.Host, _worker.Dispatcher.Stats) { OnRetired = _onHostRetired };
                    _hostsInUse++;
                }

                _hosts.Add(entry.Host, state);
            }
        }

        var balancer = new PriorityLoadBalancer(Model, _snapshot.Hosts, _hosts, _lbStats, _random);
        foreach (HostWorkerState gone in old.Values)
        {
            gone.Remove();
        }

        return balancer;
    }

    private void OnHostRetired(HostWorkerState host)
    {
        _hostsInUse--;
        ReleaseWhenUnused();
    }

    private void ReleaseWhenUnused()
    {
        if (_isDraining && _hostsInUse == 0)
        {
            _hostsInUse = -1;
            _snapshot.Generation.Release();
        }
    }
}
