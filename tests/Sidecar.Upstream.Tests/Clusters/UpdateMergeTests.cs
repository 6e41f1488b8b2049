using System;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.Clusters;

public sealed class UpdateMergeTests : IDisposable
{
    private readonly ClusterFixture _fixture = new();
    private readonly Cluster _cluster;

    public UpdateMergeTests()
    {
        _fixture.Manager.AddOrUpdate(new ClusterModel { Name = "c", Type = ClusterDiscoveryType.Eds });
        _cluster = _fixture.Manager.FindWarming("c")!;
        _cluster.UpdateHosts(ByPriority([Endpoint(0), Endpoint(1)]));
        _fixture.Advance(10_000);
    }

    public void Dispose() => _fixture.Dispose();

    private uint WeightSeenByWorkers => _fixture.Get("c")!.Hosts.HostSets[0].Hosts.All[0].Weight;

    private void SetWeight(uint weight) => _cluster.UpdateHosts(ByPriority([Endpoint(0, weight), Endpoint(1)]));

    [Fact]
    public void Update_OutOfTheWindow_AtOnce()
    {
        SetWeight(2);

        Assert.Equal(2u, WeightSeenByWorkers);
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.UpdateOutOfMergeWindow));
    }

    [Fact]
    public void Update_WithinTheWindow_TogetherAtItsEnd()
    {
        SetWeight(2);
        _fixture.Advance(100);
        SetWeight(3);
        SetWeight(4);
        Assert.Equal(2u, WeightSeenByWorkers);

        _fixture.Advance(899);
        Assert.Equal(2u, WeightSeenByWorkers);
        _fixture.Advance(2);

        Assert.Equal(4u, WeightSeenByWorkers);
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.ClusterUpdatedViaMerge));
    }

    [Fact]
    public void Update_HostAddedMeanwhile_TakesWhatWaitsAlong()
    {
        SetWeight(2);
        SetWeight(3);

        _cluster.UpdateHosts(ByPriority([Endpoint(0, 3), Endpoint(1), Endpoint(2)]));

        Assert.Equal(3u, WeightSeenByWorkers);
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.UpdateMergeCancelled));
        _fixture.Advance(5_000);
        Assert.Equal(0, _fixture.Stat(ClusterManagerStat.ClusterUpdatedViaMerge));
    }

    [Fact]
    public void HealthChange_PublishedLikeAnyOtherChange()
    {
        foreach (Host host in _cluster.Hosts.All())
        {
            host.SetHealthFlags(HostHealthFlags.FailedActiveHc, on: true);
        }

        _cluster.OnHealthChanged();

        Assert.Equal(0, _fixture.Get("c")!.Hosts.HealthyCount);
        Assert.Equal(0, _fixture.Stat(ClusterEndpointStat.MembershipHealthy));
    }
}
