using System;
using System.Collections.Generic;
using Sidecar.Core.Hashing;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Subscriptions;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Subscriptions;

/// <summary>What is counted of a subscription, and its initial fetch timeout.</summary>
public sealed class MuxSubscriptionTests : IDisposable
{
    private readonly MuxFixture _fixture = new(delta: false);
    private readonly RecordingUser _user = new();
    private readonly SubscriptionStats _stats;
    private readonly MuxSubscription _subscription;

    public MuxSubscriptionTests()
    {
        _stats = new SubscriptionStats(_fixture.Loop.Stats, _fixture.Loop.Dispatcher, "cluster_manager.cds.");
        var delivery = new SubscriptionDelivery(_fixture.Loop.Dispatcher, _user, _stats, Cds);
        _subscription = new MuxSubscription(_fixture.Mux, ownsMux: true, Cds, delivery, initialFetchTimeoutMs: 15_000);
        _subscription.Start([]);
        _fixture.Sent();
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Update_Accepted_IsCountedWithItsVersion()
    {
        _fixture.Server.Send(Sotw(Cds, "v1", "n1", "a"));

        Assert.Equal(1, _stats.Get(SubscriptionStat.UpdateSuccess));
        Assert.Equal(2, _stats.Get(SubscriptionStat.UpdateAttempt));
        Assert.Equal((long)XxHash64.Hash("v1"), _stats.Get(SubscriptionStat.Version));
        Assert.Equal("v1", _stats.VersionText);
        Assert.Equal(_fixture.Loop.Time.UnixNs / 1_000_000, _stats.Get(SubscriptionStat.UpdateTime));
    }

    [Fact]
    public void Update_RejectedByItsUser_IsCountedAndTold()
    {
        _user.Rejects = true;

        _fixture.Server.Send(Sotw(Cds, "v1", "n1", "a"));

        Assert.Equal(1, _stats.Get(SubscriptionStat.UpdateRejected));
        Assert.Equal(0, _stats.Get(SubscriptionStat.UpdateSuccess));
        Assert.Equal([UpdateFailure.UpdateRejected], _user.Failures);
    }

    [Fact]
    public void Response_RefusedAsAWhole_IsCountedAndTold()
    {
        var response = Sotw(Cds, "v1", "n1");
        response.Resources.Add(Named(Lds, "l"));

        _fixture.Server.Send(response);

        Assert.Equal(1, _stats.Get(SubscriptionStat.UpdateRejected));
        Assert.Equal([UpdateFailure.UpdateRejected], _user.Failures);
    }

    [Fact]
    public void Stream_Lost_IsAFailureThatItsUserNeedNotHear()
    {
        _fixture.Server.Close();

        Assert.Equal(1, _stats.Get(SubscriptionStat.UpdateFailure));
        Assert.Empty(_user.Failures);
    }

    [Fact]
    public void Silence_UntilTheInitialFetchTimeout_IsToldOnce()
    {
        _fixture.Loop.Advance(14_999);
        Assert.Empty(_user.Failures);

        _fixture.Loop.Advance(60_000);

        Assert.Equal([UpdateFailure.FetchTimedOut], _user.Failures);
        Assert.Equal(1, _stats.Get(SubscriptionStat.InitFetchTimeout));
    }

    [Fact]
    public void Update_InTime_EndsTheInitialFetchTimeout()
    {
        _fixture.Server.Send(Sotw(Cds, "v1", "n1", "a"));

        _fixture.Loop.Advance(60_000);

        Assert.Empty(_user.Failures);
    }

    [Fact]
    public void Update_AfterTheInitialFetchTimeout_IsStillTaken()
    {
        _fixture.Loop.Advance(20_000);

        _fixture.Server.Send(Sotw(Cds, "v1", "n1", "a"));

        Assert.Equal(["a"], _user.Added);
    }

    [Fact]
    public void Dispose_OfASubscriptionWithItsOwnStream_ClosesIt()
    {
        _subscription.Dispose();

        Assert.Equal(1, _fixture.Server.Resets);
    }

    [Fact]
    public void EndpointStats_ShareTheClustersLines()
    {
        SubscriptionStats stats = SubscriptionStats.ForEndpoints(_fixture.Loop.Stats, _fixture.Loop.Dispatcher, "cluster.x.");

        stats.Increment(SubscriptionStat.UpdateAttempt);

        var cluster = _fixture.Loop.Stats.Register("cluster.x.", Upstream.Stats.ClusterConfigStats.ConfigUpdate);
        Assert.Equal(1, _fixture.Loop.Stats.Sum(cluster, (int)Upstream.Stats.ClusterConfigUpdateStat.UpdateAttempt));
    }

    private sealed class RecordingUser : SubscriptionCallbacks
    {
        public bool Rejects { get; set; }

        public List<string> Added { get; } = [];

        public List<UpdateFailure> Failures { get; } = [];

        public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
        {
            foreach (XdsResource resource in added)
            {
                Added.Add(resource.Name);
            }

            return Rejects ? UpdateResult.Rejected("no") : UpdateResult.Accepted;
        }

        public override void OnUpdateFailed(UpdateFailure reason) => Failures.Add(reason);
    }
}
