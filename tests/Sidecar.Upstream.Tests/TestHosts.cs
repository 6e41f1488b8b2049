using System.Collections.Generic;
using System.Globalization;
using Sidecar.Core.Collections;
using Sidecar.Core.Stats;
using Sidecar.Network.Addresses;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.LoadBalancing;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests;

/// <summary>Endpoints, assignments and balancers in a few words.</summary>
internal static class TestHosts
{
    public static Address AddressOf(int n)
    {
        Assert.True(Address.TryParseIp(string.Create(CultureInfo.InvariantCulture, $"10.0.{n / 250}.{(n % 250) + 1}"), 80, out Address? address));
        return address!;
    }

    public static HostModel Endpoint(int n, uint weight = 1, EndpointHealthStatus health = EndpointHealthStatus.Unknown) =>
        new() { Address = AddressOf(n), Weight = weight, HealthStatus = health };

    public static HostModel[] Endpoints(int healthy, int degraded = 0, int unhealthy = 0, int first = 0)
    {
        List<HostModel> endpoints = [];
        for (int i = 0; i < healthy + degraded + unhealthy; i++)
        {
            EndpointHealthStatus health = i < healthy ? EndpointHealthStatus.Healthy
                : i < healthy + degraded ? EndpointHealthStatus.Degraded : EndpointHealthStatus.Unhealthy;
            endpoints.Add(Endpoint(first + i, 1, health));
        }

        return [.. endpoints];
    }

    public static LocalityEndpointsModel Locality(string zone, uint weight, params HostModel[] endpoints) =>
        new(new Locality("r", zone, ""), 0, weight, endpoints);

    /// <summary>One locality a priority.</summary>
    public static LoadAssignmentModel ByPriority(params HostModel[][] priorities)
    {
        List<LocalityEndpointsModel> localities = [];
        for (int i = 0; i < priorities.Length; i++)
        {
            localities.Add(new LocalityEndpointsModel(Sidecar.Upstream.Hosts.Locality.Empty, (uint)i, 0, priorities[i]));
        }

        return new LoadAssignmentModel { Localities = localities };
    }
}

/// <summary>A cluster's hosts and balancer on one worker, with the counts of what was picked.</summary>
internal sealed class BalancedCluster
{
    private readonly StatStore _store = new();
    private readonly StatSheet _sheet;
    private readonly StatStore.Instance _lbStats;

    public BalancedCluster(ClusterModel model, LoadAssignmentModel assignment, ulong seed = 1)
    {
        _sheet = _store.CreateSheet("worker_0");
        _lbStats = _store.Register("cluster.c.", ClusterConfigStats.LoadBalancing);
        var hosts = new ClusterHosts(_store, model.CommonLb, HostIdentity.Address);
        hosts.Update(assignment);
        foreach (Host host in hosts.All())
        {
            States.Add(host, new HostWorkerState(host, _sheet));
            Ordered.Add(States[host]);
        }

        Balancer = new PriorityLoadBalancer(model, hosts.Current, States, _sheet.Block(_lbStats.Range), new FastRandom(seed));
    }

    public Dictionary<Host, HostWorkerState> States { get; } = [];

    /// <summary>In configured order.</summary>
    public List<HostWorkerState> Ordered { get; } = [];

    public PriorityLoadBalancer Balancer { get; }

    public long Panics => _store.Sum(_lbStats, (int)ClusterLbStat.LbHealthyPanic);

    public HostWorkerState? Choose() => Balancer.Choose(default);

    /// <summary>How often each host was picked, in configured order.</summary>
    public int[] Pick(int times)
    {
        var counts = new int[Ordered.Count];
        for (int i = 0; i < times; i++)
        {
            counts[Ordered.IndexOf(Choose()!)]++;
        }

        return counts;
    }
}
