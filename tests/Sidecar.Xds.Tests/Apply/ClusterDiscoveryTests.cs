using System;
using Sidecar.Upstream.Clusters;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Apply;

/// <summary>Clusters and their endpoints, from the stream to the cluster manager.</summary>
public sealed class ClusterDiscoveryTests : IDisposable
{
    private readonly ApplyFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Clusters_OfWhichOneIsBad_TakeEffectButForThatOne()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a", "bad", "c"));
        _fixture.Loop.Run();

        Assert.NotNull(_fixture.Clusters.FindActive("a"));
        Assert.NotNull(_fixture.Clusters.FindActive("c"));
        Assert.Null(_fixture.Clusters.FindActive("bad"));
        Assert.Equal("Error adding/updating cluster(s) bad: field: is wrong", Assert.Single(_fixture.Server.TakeSotw()).ErrorDetail.Message);
    }

    [Fact]
    public void Cluster_Twice_IsNackedAndTheFirstTakesEffect()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a", "a"));
        _fixture.Loop.Run();

        Assert.NotNull(_fixture.Clusters.FindActive("a"));
        Assert.Equal(
            "Error adding/updating cluster(s) a: duplicate cluster a found", Assert.Single(_fixture.Server.TakeSotw()).ErrorDetail.Message);
    }

    [Fact]
    public void Cluster_AbsentFromTheNextResponse_IsRemoved()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a", "b"));

        _fixture.Server.Send(Sotw(Cds, "2", "n2", "b"));

        Assert.Null(_fixture.Clusters.FindActive("a"));
        Assert.NotNull(_fixture.Clusters.FindActive("b"));
    }

    [Fact]
    public void EdsClusters_OfOneResponse_AreAskedForInOneRequest()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "eds1", "eds2"));

        Assert.Contains("EDS [eds1,eds2] version= nonce=", _fixture.Sent());
    }

    [Fact]
    public void EdsCluster_BecomesActiveWithItsEndpoints()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "eds1"));
        Assert.Null(_fixture.Clusters.FindActive("eds1"));

        _fixture.Server.Send(Sotw(Eds, "1", "n2", "eds1"));

        Assert.Equal(1, _fixture.Clusters.FindActive("eds1")!.Hosts.Current.HostCount);
    }

    [Fact]
    public void EdsCluster_WithoutEndpointsInTime_BecomesActiveEmpty()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "eds1"));

        _fixture.Loop.Advance(15_001);

        Assert.Equal(0, _fixture.Clusters.FindActive("eds1")!.Hosts.Current.HostCount);
    }

    [Fact]
    public void Cds_WhileClustersWarm_IsAnsweredOnlyWhenTheyAreWarm()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a"));
        _fixture.Sent();

        _fixture.Server.Send(Sotw(Cds, "2", "n2", "a", "eds1"));
        Assert.Equal(["EDS [eds1] version= nonce="], _fixture.Sent());
        _fixture.Server.Send(Sotw(Eds, "1", "n3", "eds1"));

        Assert.Equal(["CDS [] version=2 nonce=n2", "EDS [eds1] version=1 nonce=n3"], _fixture.Sent());
    }

    [Fact]
    public void EdsCluster_Removed_EndsItsSubscription()
    {
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "eds1"));
        _fixture.Server.Send(Sotw(Eds, "1", "n2", "eds1"));
        _fixture.Sent();

        _fixture.Server.Send(Sotw(Cds, "2", "n3"));

        Assert.Equal(0, _fixture.Eds.Count);
        Assert.Contains("EDS [] version=1 nonce=n2", _fixture.Sent());
    }

    [Fact]
    public void InitTarget_BecomesReadyWhenTheFirstClustersAreWarm()
    {
        var init = new Sidecar.Xds.Init.InitManager("clusters");
        bool isDone = false;
        init.Add(_fixture.Cds.InitTarget);
        init.Initialize(() => isDone = true);
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "eds1"));
        Assert.False(isDone);

        _fixture.Server.Send(Sotw(Eds, "1", "n2", "eds1"));

        Assert.True(isDone);
    }

    [Fact]
    public void StaticCluster_OfTheSameName_IsLeftAlone()
    {
        _fixture.Clusters.AddOrUpdate(new ClusterModel { Name = "boot", Type = ClusterDiscoveryType.Static });
        Cluster before = _fixture.Clusters.FindActive("boot")!;

        _fixture.Server.Send(Sotw(Cds, "1", "n1", "boot"));
        _fixture.Server.Send(Sotw(Cds, "2", "n2"));

        Assert.Same(before, _fixture.Clusters.FindActive("boot"));
    }

    [Fact]
    public void Cluster_RemovedInIncremental_IsRemoved()
    {
        using var fixture = new ApplyFixture(delta: true);
        fixture.Server.Send(Delta(Cds, "n1", "a", "b"));

        fixture.Server.Send(Removal(Cds, "n2", "a"));

        Assert.Null(fixture.Clusters.FindActive("a"));
        Assert.NotNull(fixture.Clusters.FindActive("b"));
    }
}
