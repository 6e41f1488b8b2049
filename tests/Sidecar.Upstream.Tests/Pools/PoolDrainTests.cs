using System.Net.Sockets;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Pools;

public class PoolDrainTests
{
    [Fact]
    public void ClusterRemoved_RequestUnderWay_FinishesThenConnectionAndStatsGo()
    {
        using var harness = new PoolHarness();
        PoolRequest request = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);

        harness.Fixture.Manager.Remove("c");
        harness.Fixture.Settle();
        Assert.Null(harness.Fixture.Get("c"));
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        Assert.Contains(harness.Fixture.Store.Instances, instance => instance.Scope == "cluster.c.");

        harness.Respond(peer, request);
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        harness.Fixture.Settle();
        Assert.DoesNotContain(harness.Fixture.Store.Instances, instance => instance.Scope == "cluster.c.");
    }

    [Fact]
    public void ClusterRemoved_RequestWaitsForItsConnection_StillServed()
    {
        using var harness = new PoolHarness();
        PoolRequest request = harness.Get();

        harness.Fixture.Manager.Remove("c");
        harness.Fixture.RunWorkers();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, request);

        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
    }

    [Fact]
    public void DrainPools_IdleConnection_ClosesAndTheNextRequestGetsANewPool()
    {
        using var harness = new PoolHarness();
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first);

        harness.Fixture.Tables[0].DrainPools();

        Assert.True(harness.Pool.IsIdle);
        Assert.NotSame(
            harness.Pool,
            harness.State.PoolOf(harness.State.ChooseHost(default)!, Upstream.Clusters.ResourcePriority.Default, Http.Codec.HttpProtocol.Http11));
    }
}
