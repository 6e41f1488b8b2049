using System.Linq;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.LoadBalancing;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.LoadBalancing;

public class PriorityAndPanicTests
{
    private static readonly ClusterModel s_model = new() { Name = "c" };

    [Fact]
    public void Choose_HealthyFirstPriority_OthersUnused()
    {
        int[] counts = new BalancedCluster(s_model, ByPriority(Endpoints(3), Endpoints(3, first: 10))).Pick(300);

        Assert.Equal([100, 100, 100, 0, 0, 0], counts);
    }

    [Fact]
    public void Choose_FirstPriorityHalfHealthy_SpillsThirtyPercent()
    {
        var cluster = new BalancedCluster(s_model, ByPriority(Endpoints(2, unhealthy: 2), Endpoints(4, first: 10)));

        int[] counts = cluster.Pick(20_000);

        Assert.InRange(counts[..4].Sum(), 13_600, 14_400);
        Assert.Equal(0, counts[2] + counts[3]);
        Assert.Equal(0, cluster.Panics);
    }

    [Fact]
    public void Choose_DegradedHosts_TakeWhatHealthyOnesCannot()
    {
        // 140% of 1/2 = 70% to the healthy host, the rest to the degraded one.
        int[] counts = new BalancedCluster(s_model, ByPriority(Endpoints(1, degraded: 1))).Pick(20_000);

        Assert.InRange(counts[1], 5_600, 6_400);
    }

    [Fact]
    public void Choose_BelowPanicThreshold_AllHostsUsedAndCounted()
    {
        var cluster = new BalancedCluster(s_model, ByPriority(Endpoints(1, unhealthy: 3)));

        int[] counts = cluster.Pick(400);

        Assert.Equal([100, 100, 100, 100], counts);
        Assert.Equal(400, cluster.Panics);
    }

    [Fact]
    public void Choose_PanicSwitchedOff_OnlyHealthyHosts()
    {
        var model = s_model with { CommonLb = new CommonLbSettings { HealthyPanicThresholdPercent = 0 } };

        Assert.Equal([100, 0, 0, 0], new BalancedCluster(model, ByPriority(Endpoints(1, unhealthy: 3))).Pick(100));
        Assert.Null(new BalancedCluster(model, ByPriority(Endpoints(0, unhealthy: 3))).Choose());
    }

    [Fact]
    public void Choose_FailTrafficOnPanic_NullAndCounted()
    {
        var model = s_model with
        {
            CommonLb = new CommonLbSettings { ZoneAware = new ZoneAwareLbSettings { FailTrafficOnPanic = true } },
        };
        var cluster = new BalancedCluster(model, ByPriority(Endpoints(1, unhealthy: 3)));

        Assert.Null(cluster.Choose());
        Assert.Equal(1, cluster.Panics);
    }

    [Fact]
    public void Choose_DrainingHost_GetsNoRequestAndCausesNoPanic()
    {
        HostModel[] endpoints = [Endpoint(0), Endpoint(1, health: EndpointHealthStatus.Draining), Endpoint(2, health: EndpointHealthStatus.Draining)];
        var cluster = new BalancedCluster(s_model, ByPriority(endpoints));

        Assert.Equal([100, 0, 0], cluster.Pick(100));
        Assert.Equal(0, cluster.Panics);
    }

    [Fact]
    public void Choose_PredicateRefuses_AsksAgainUpToTheLimit()
    {
        var cluster = new BalancedCluster(s_model, ByPriority(Endpoints(3)));
        var refuse = new RefuseAll();

        HostWorkerState? host = cluster.Balancer.Choose(new LoadBalancerContext { Predicate = refuse, HostSelectionRetryMaxAttempts = 4 });

        Assert.NotNull(host);
        Assert.Equal(4, refuse.Asked);
    }

    private sealed class RefuseAll : HostPredicate
    {
        public int Asked { get; private set; }

        public override bool ShouldSelectAnotherHost(Host host)
        {
            Asked++;
            return true;
        }
    }
}
