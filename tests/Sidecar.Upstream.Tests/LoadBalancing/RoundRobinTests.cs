using System;
using System.Linq;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.LoadBalancing;

public class RoundRobinTests
{
    private static readonly ClusterModel s_model = new() { Name = "c" };

    [Fact]
    public void RoundRobin_EqualWeights_EachHostOncePerRound()
    {
        var cluster = new BalancedCluster(s_model, ByPriority(Endpoints(5)));

        Assert.All(cluster.Pick(500), count => Assert.Equal(100, count));
    }

    [Fact]
    public void RoundRobin_OtherSeeds_StartAtDifferentHosts()
    {
        int starts = Enumerable.Range(1, 50)
            .Select(seed => new BalancedCluster(s_model, ByPriority(Endpoints(5)), (ulong)seed).Choose()!.Host.AddressText)
            .Distinct()
            .Count();

        Assert.Equal(5, starts);
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(1, 1, 98)]
    [InlineData(7, 11, 13)]
    public void RoundRobin_DifferentWeights_ExactSharesWithinOne(params int[] weights)
    {
        var endpoints = weights.Select((w, i) => Endpoint(i, (uint)w)).ToArray();
        var cluster = new BalancedCluster(s_model, ByPriority(endpoints));
        int total = weights.Sum();

        int[] counts = cluster.Pick(total * 10);

        for (int i = 0; i < weights.Length; i++)
        {
            Assert.InRange(counts[i], (weights[i] * 10) - 1, (weights[i] * 10) + 1);
        }
    }

    [Fact]
    public void RoundRobin_DifferentWeights_SpreadsTheHeavyHostOut()
    {
        var cluster = new BalancedCluster(s_model, ByPriority([Endpoint(0, 1), Endpoint(1, 3)]));
        HostWorkerState light = cluster.Ordered[0];
        HostWorkerState[] picks = Enumerable.Range(0, 400).Select(_ => cluster.Choose()!).ToArray();

        int[] gaps = picks.Select((host, i) => (host, i)).Where(p => p.host == light).Select(p => p.i).ToArray();
        Assert.All(gaps.Zip(gaps.Skip(1), (a, b) => b - a), gap => Assert.InRange(gap, 3, 5));
    }

    [Fact]
    public void Choose_NoHosts_Null()
    {
        Assert.Null(new BalancedCluster(s_model, LoadAssignmentModel.Empty).Choose());
        Assert.Null(new BalancedCluster(s_model, ByPriority([], [])).Choose());
    }

    [Theory]
    [InlineData(LoadBalancerPolicy.RoundRobin)]
    [InlineData(LoadBalancerPolicy.LeastRequest)]
    [InlineData(LoadBalancerPolicy.Random)]
    public void Choose_SteadyState_AllocatesNothing(LoadBalancerPolicy policy)
    {
        var model = s_model with { LoadBalancer = new LoadBalancerSettings { Policy = policy } };
        var cluster = new BalancedCluster(model, ByPriority([Endpoint(0, 1), Endpoint(1, 3)], Endpoints(3, first: 10)));
        for (int i = 0; i < 100; i++)
        {
            cluster.Choose();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            cluster.Choose();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
