using System.Linq;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.LoadBalancing;

public class LeastRequestTests
{
    private static ClusterModel Model(uint choices = 2, double bias = 1) => new()
    {
        Name = "c",
        LoadBalancer = new LoadBalancerSettings
        {
            Policy = LoadBalancerPolicy.LeastRequest, ChoiceCount = choices, ActiveRequestBias = bias,
        },
    };

    private static void Load(HostWorkerState host, int requests)
    {
        for (int i = 0; i < requests; i++)
        {
            host.Stats.Increment((int)HostStat.RqActive);
        }
    }

    [Fact]
    public void LeastRequest_IdleHosts_EvenShares()
    {
        int[] counts = new BalancedCluster(Model(), ByPriority(Endpoints(4))).Pick(40_000);

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void LeastRequest_OneBusyHostOfTwo_ChosenOnlyWhenDrawnTwice()
    {
        var cluster = new BalancedCluster(Model(), ByPriority(Endpoints(2)));
        Load(cluster.Ordered[0], 10);

        // Both draws hit the busy one in a quarter of the cases.
        Assert.InRange(cluster.Pick(40_000)[0], 9_500, 10_500);
    }

    [Fact]
    public void LeastRequest_ManyChoices_BusyHostAvoided()
    {
        var cluster = new BalancedCluster(Model(choices: 10), ByPriority(Endpoints(2)));
        Load(cluster.Ordered[0], 1);

        Assert.InRange(cluster.Pick(10_000)[0], 0, 40);
    }

    [Theory]
    [InlineData(1.0, 0, 0, 0.75)]
    [InlineData(1.0, 0, 2, 0.5)]
    [InlineData(0.0, 0, 100, 0.75)]
    [InlineData(2.0, 0, 1, 3.0 / 7.0)]
    public void LeastRequest_DifferentWeights_WeightOverActiveToTheBias(double bias, int activeLight, int activeHeavy, double heavyShare)
    {
        var cluster = new BalancedCluster(Model(bias: bias), ByPriority([Endpoint(0, 1), Endpoint(1, 3)]));
        Load(cluster.Ordered[0], activeLight);
        Load(cluster.Ordered[1], activeHeavy);

        cluster.Pick(100);
        int[] counts = cluster.Pick(10_000);

        Assert.InRange(counts[1] / 10_000.0, heavyShare - 0.01, heavyShare + 0.01);
    }

    [Fact]
    public void Random_EqualOrNot_IgnoresWeights()
    {
        var model = new ClusterModel { Name = "c", LoadBalancer = new LoadBalancerSettings { Policy = LoadBalancerPolicy.Random } };
        int[] counts = new BalancedCluster(model, ByPriority([Endpoint(0, 1), Endpoint(1, 9)])).Pick(20_000);

        Assert.InRange(counts[0], 9_600, 10_400);
    }

    [Fact]
    public void Random_SameSeed_SameSequence()
    {
        var model = new ClusterModel { Name = "c", LoadBalancer = new LoadBalancerSettings { Policy = LoadBalancerPolicy.Random } };
        string Sequence()
        {
            var cluster = new BalancedCluster(model, ByPriority(Endpoints(10)), seed: 42);
            return string.Join(',', Enumerable.Range(0, 50).Select(_ => cluster.Choose()!.Host.AddressText));
        }

        Assert.Equal(Sequence(), Sequence());
    }
}
