using System;
using System.Collections.Generic;
using System.Linq;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.Clusters;

public sealed class ClusterManagerTests : IDisposable
{
    private readonly ClusterFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static ClusterModel Static(int hosts = 2, ulong hash = 1) => new()
    {
        Name = "c",
        ConfigHash = hash,
        AddedViaApi = true,
        LoadAssignment = ByPriority(Endpoints(hosts)),
    };

    private static ClusterModel Eds(ulong hash = 1) => new()
    {
        Name = "c", ConfigHash = hash, AddedViaApi = true, Type = ClusterDiscoveryType.Eds,
    };

    [Fact]
    public void AddOrUpdate_Static_ActiveAtOnceOnEveryThread()
    {
        Assert.True(_fixture.Manager.AddOrUpdate(Static()));

        Assert.Equal(2, _fixture.Get("c", worker: 0)!.Hosts.HostCount);
        Assert.Equal(2, _fixture.Get("c", worker: 1)!.Hosts.HostCount);
        Assert.NotNull(_fixture.Manager.MainTable.Get(_fixture.Names.Intern("c")));
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.ActiveClusters));
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.ClusterAdded));
        Assert.Equal(2, _fixture.Stat(ClusterEndpointStat.MembershipTotal));
    }

    [Fact]
    public void Find_ByNameOfTheRequest_SameState()
    {
        _fixture.Manager.AddOrUpdate(Static());

        Assert.Same(_fixture.Get("c"), _fixture.Tables[0].Find("c"u8));
        Assert.Null(_fixture.Tables[0].Find("d"u8));
    }

    [Fact]
    public void Get_NameThatOnlyARouteMentions_Null()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Null(_fixture.Get($"unknown_{i}"));
        }
    }

    [Fact]
    public void AddOrUpdate_SameHash_NothingHappens()
    {
        _fixture.Manager.AddOrUpdate(Static());
        ClusterWorkerState before = _fixture.Get("c")!;

        Assert.False(_fixture.Manager.AddOrUpdate(Static()));
        Assert.Same(before, _fixture.Get("c"));
        Assert.Equal(0, _fixture.Stat(ClusterManagerStat.ClusterModified));
    }

    [Fact]
    public void AddOrUpdate_Changed_NewStateAndTheOldOneDrains()
    {
        _fixture.Manager.AddOrUpdate(Static());
        ClusterWorkerState before = _fixture.Get("c")!;

        Assert.True(_fixture.Manager.AddOrUpdate(Static(hosts: 3, hash: 2)));

        Assert.True(before.IsDraining);
        Assert.Equal(3, _fixture.Get("c")!.Hosts.HostCount);
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.ClusterModified));
    }

    [Fact]
    public void Eds_BeforeItsEndpoints_WarmsUnseenByWorkers()
    {
        _fixture.Manager.AddOrUpdate(Eds());

        Assert.Null(_fixture.Get("c"));
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.WarmingClusters));

        _fixture.Manager.FindWarming("c")!.UpdateHosts(ByPriority(Endpoints(2)));

        Assert.Equal(2, _fixture.Get("c")!.Hosts.HostCount);
        Assert.Equal(0, _fixture.Stat(ClusterManagerStat.WarmingClusters));
    }

    [Fact]
    public void Eds_ReplacedWhileTheNewOneWarms_OldOneServes()
    {
        _fixture.Manager.AddOrUpdate(Static());
        ClusterWorkerState old = _fixture.Get("c")!;

        _fixture.Manager.AddOrUpdate(Eds(hash: 2));
        Assert.Same(old, _fixture.Get("c"));

        _fixture.Manager.FindWarming("c")!.OnInitialFetchTimeout();
        Assert.NotSame(old, _fixture.Get("c"));
        Assert.Equal(0, _fixture.Get("c")!.Hosts.HostCount);
    }

    [Fact]
    public void Warming_HeldByAnObserver_UntilReleased()
    {
        var observer = new Holder();
        _fixture.Manager.AddObserver(observer);

        _fixture.Manager.AddOrUpdate(Static());
        Assert.Null(_fixture.Get("c"));

        observer.Warming.Single().ReleaseWarming();
        Assert.NotNull(_fixture.Get("c"));
        Assert.Equal(observer.Warming, observer.Active);
    }

    [Fact]
    public void UpdateHosts_HostStays_KeepsItsWorkerState()
    {
        _fixture.Manager.AddOrUpdate(Eds());
        Cluster cluster = _fixture.Manager.FindWarming("c")!;
        cluster.UpdateHosts(ByPriority([Endpoint(0)]));
        HostWorkerState host = _fixture.Get("c")!.ChooseHost(default)!;

        cluster.UpdateHosts(ByPriority([Endpoint(0), Endpoint(1)]));

        ClusterWorkerState state = _fixture.Get("c")!;
        HostWorkerState[] chosen = [state.ChooseHost(default)!, state.ChooseHost(default)!];
        Assert.Contains(host, chosen);
    }

    [Fact]
    public void UpdateHosts_WorkersRunning_VisibleAfterTheirPosts()
    {
        _fixture.Manager.AddOrUpdate(Eds());
        Cluster cluster = _fixture.Manager.FindWarming("c")!;
        cluster.UpdateHosts(ByPriority([Endpoint(0)]));
        _fixture.StartWorkers();

        cluster.UpdateHosts(ByPriority([Endpoint(0), Endpoint(1)]));

        Assert.Equal(1, _fixture.Get("c")!.Hosts.HostCount);
        _fixture.RunWorkers();
        Assert.Equal(2, _fixture.Get("c")!.Hosts.HostCount);
    }

    [Fact]
    public void UpdateHosts_NothingDiffers_CountedAsNoRebuild()
    {
        _fixture.Manager.AddOrUpdate(Eds());
        Cluster cluster = _fixture.Manager.FindWarming("c")!;
        cluster.UpdateHosts(ByPriority([Endpoint(0)]));

        cluster.UpdateHosts(ByPriority([Endpoint(0)]));

        Assert.Equal(1, _fixture.Stat(ClusterConfigUpdateStat.UpdateNoRebuild));
        Assert.Equal(1, _fixture.Stat(ClusterEndpointStat.MembershipChange));
    }

    [Fact]
    public void UpdateHosts_SlotsOfARemovedHost_ReusedAfterTheGracePeriodOnly()
    {
        _fixture.Manager.AddOrUpdate(Eds());
        Cluster cluster = _fixture.Manager.FindWarming("c")!;
        cluster.UpdateHosts(ByPriority([Endpoint(0)]));
        HostWorkerState state = _fixture.Get("c")!.ChooseHost(default)!;
        state.Stats.Increment((int)HostStat.RqTotal);
        StatRange range = state.Host.Stats;
        _fixture.StartWorkers();

        cluster.UpdateHosts(ByPriority([Endpoint(1)]));
        _fixture.RunMain();
        cluster.UpdateHosts(ByPriority([Endpoint(1), Endpoint(2)]));
        Assert.DoesNotContain(range, cluster.Hosts.All().Select(host => host.Stats));

        _fixture.Settle();
        cluster.UpdateHosts(ByPriority([Endpoint(1), Endpoint(2), Endpoint(3)]));

        Assert.Equal(range, cluster.Hosts.All().Last().Stats);
        Assert.Equal(0, _fixture.Store.Sum(range, (int)HostStat.RqTotal));
    }

    [Fact]
    public void Remove_AddedByDiscovery_GoneWithItsStats()
    {
        _fixture.Manager.AddOrUpdate(Static());
        ClusterWorkerState state = _fixture.Get("c")!;
        _fixture.StartWorkers();

        Assert.True(_fixture.Manager.Remove("c"));
        Assert.NotNull(_fixture.Get("c"));
        _fixture.Settle();

        Assert.Null(_fixture.Get("c"));
        Assert.True(state.IsDraining);
        Assert.DoesNotContain(_fixture.Store.Instances, instance => instance.Scope.StartsWith("cluster.c."));
        Assert.Equal(1, _fixture.Stat(ClusterManagerStat.ClusterRemoved));
        Assert.Equal(0, _fixture.Stat(ClusterManagerStat.ActiveClusters));
    }

    [Fact]
    public void Remove_OfTheBootstrap_Refused()
    {
        _fixture.Manager.AddOrUpdate(Static() with { AddedViaApi = false });

        Assert.False(_fixture.Manager.Remove("c"));
        Assert.NotNull(_fixture.Get("c"));
        Assert.False(_fixture.Manager.Remove("never_seen"));
    }

    [Fact]
    public void Remove_WithAnIdlePool_ReleasesPoolHostAndStats()
    {
        _fixture.Manager.AddOrUpdate(Static());
        ClusterWorkerState state = _fixture.Get("c")!;
        ConnectionPool pool = state.PoolOf(state.ChooseHost(default)!, ResourcePriority.Default, HttpProtocol.Http11)!;
        Assert.True(pool.IsIdle);

        _fixture.Manager.Remove("c");
        _fixture.Settle();

        Assert.DoesNotContain(_fixture.Store.Instances, instance => instance.Scope.StartsWith("cluster.c."));
        Assert.Null(pool.OnDrained);
    }

    [Fact]
    public void PoolOf_SameHostPriorityAndVersion_SamePool()
    {
        _fixture.Manager.AddOrUpdate(Static(hosts: 1));
        ClusterWorkerState state = _fixture.Get("c")!;
        HostWorkerState host = state.ChooseHost(default)!;

        ConnectionPool pool = state.PoolOf(host, ResourcePriority.Default, HttpProtocol.Http11)!;

        Assert.Same(pool, state.PoolOf(host, ResourcePriority.Default, HttpProtocol.Http2));
        Assert.NotSame(pool, state.PoolOf(host, ResourcePriority.High, HttpProtocol.Http11));
    }

    [Fact]
    public void PoolOf_LimitOfPools_NullAndCounted()
    {
        var breakers = new CircuitBreakerSettings { DefaultPriority = new CircuitBreakerThresholds { MaxConnectionPools = 1 } };
        _fixture.Manager.AddOrUpdate(Static() with { CircuitBreakers = breakers });
        ClusterWorkerState state = _fixture.Get("c")!;

        Assert.NotNull(state.PoolOf(state.ChooseHost(default)!, ResourcePriority.Default, HttpProtocol.Http11));
        Assert.Null(state.PoolOf(state.ChooseHost(default)!, ResourcePriority.Default, HttpProtocol.Http11));
        Assert.Equal(1, state.Traffic.Get((int)ClusterTrafficStat.UpstreamCxPoolOverflow));
    }

    [Fact]
    public void ChooseHost_NoHost_CountsNoneHealthy()
    {
        _fixture.Manager.AddOrUpdate(Static(hosts: 0));
        ClusterWorkerState state = _fixture.Get("c")!;

        Assert.Null(state.ChooseHost(default));
        Assert.Equal(1, state.Traffic.Get((int)ClusterTrafficStat.UpstreamCxNoneHealthy));
    }

    [Fact]
    public void Initialized_WhenTheBootstrapsClustersAreWarm()
    {
        bool isInitialized = false;
        _fixture.Manager.AddOrUpdate(Static() with { Name = "s", AddedViaApi = false });
        _fixture.Manager.AddOrUpdate(Eds() with { AddedViaApi = false });

        _fixture.Manager.OnStaticClustersAdded(() => isInitialized = true);
        Assert.False(isInitialized);

        _fixture.Manager.FindWarming("c")!.UpdateHosts(LoadAssignmentModel.Empty);
        Assert.True(isInitialized);
    }

    [Fact]
    public void DropsRequest_HalfByAssignment_AboutHalf()
    {
        _fixture.Manager.AddOrUpdate(Eds());
        _fixture.Manager.FindWarming("c")!.UpdateHosts(ByPriority(Endpoints(1)) with { DropOverloadPerMillion = 500_000 });
        ClusterWorkerState state = _fixture.Get("c")!;

        Assert.InRange(Enumerable.Range(0, 10_000).Count(_ => state.DropsRequest()), 4_700, 5_300);
    }

    private sealed class Holder : ClusterObserver
    {
        public List<Cluster> Warming { get; } = [];

        public List<Cluster> Active { get; } = [];

        public override void OnWarming(Cluster cluster)
        {
            cluster.HoldWarming();
            Warming.Add(cluster);
        }

        public override void OnActive(Cluster cluster) => Active.Add(cluster);
    }
}
