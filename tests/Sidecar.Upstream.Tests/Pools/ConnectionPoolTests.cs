using System.Net.Sockets;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Pools;

public class ConnectionPoolTests
{
    private static CircuitBreakerSettings Breakers(CircuitBreakerThresholds thresholds) => new() { DefaultPriority = thresholds };

    [Fact]
    public void NewStream_FirstRequest_WaitsForItsConnection()
    {
        using var harness = new PoolHarness();

        PoolRequest request = harness.Get();
        Assert.NotNull(request.Pending);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamRqPendingActive));
        Socket peer = harness.Accept();

        Assert.StartsWith("GET / HTTP/1.1\r\nhost: c\r\n", harness.Receive(peer));
        harness.Respond(peer, request);
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamRqPendingActive));
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamRqActive));
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxHttp1Total));
    }

    [Fact]
    public void NewStream_IdleConnection_ReadyAtOnceOnTheSameOne()
    {
        using var harness = new PoolHarness();
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first);

        PoolRequest second = harness.Get();

        Assert.Null(second.Pending);
        Assert.Same(first.Connection, second.Connection);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxTotal));
        Assert.Equal(2, harness.Stat(ClusterTrafficStat.UpstreamRqTotal));
    }

    [Fact]
    public void NewStream_NobodyListens_RemoteConnectionFailure()
    {
        using var harness = new PoolHarness(listens: false);

        PoolRequest request = harness.Get();
        harness.Fixture.RunWorkerUntil(() => request.Failure != PoolFailureReason.None);

        Assert.Equal(PoolFailureReason.RemoteConnectionFailure, request.Failure);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxConnectFail));
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        Assert.Equal(0, harness.State.Limits(ResourcePriority.Default).Connections.Count);
        Assert.Equal(0, harness.State.Limits(ResourcePriority.Default).PendingRequests.Count);
    }

    [Fact]
    public void NewStream_PendingFull_Overflow()
    {
        using var harness = new PoolHarness(model => model with
        {
            CircuitBreakers = Breakers(new CircuitBreakerThresholds { MaxPendingRequests = 1 }),
        });
        harness.Get();

        PoolRequest second = harness.Get();

        Assert.Equal(PoolFailureReason.Overflow, second.Failure);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamRqPendingOverflow));
    }

    [Fact]
    public void NewStream_ConnectionsFull_WaitsForTheOneThatIsThere()
    {
        using var harness = new PoolHarness(model => model with
        {
            CircuitBreakers = Breakers(new CircuitBreakerThresholds { MaxConnections = 1 }),
        });
        PoolRequest first = harness.Get();
        PoolRequest second = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        Assert.Null(second.Connection);

        harness.Respond(peer, first);

        Assert.Same(first.Connection, second.Connection);
        Assert.True(harness.Stat(ClusterTrafficStat.UpstreamCxOverflow) > 0);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxTotal));
    }

    [Fact]
    public void MaxRequestsPerConnection_Reached_NextRequestGetsANewOne()
    {
        using var harness = new PoolHarness(model => model with
        {
            CommonHttp = new CommonHttpSettings { MaxRequestsPerConnection = 1 },
        });
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first);

        PoolRequest second = harness.Get();
        harness.Receive(harness.Accept());

        Assert.NotSame(first.Connection, second.Connection);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        Assert.Equal(2, harness.Stat(ClusterTrafficStat.UpstreamCxMaxRequests));
    }

    [Fact]
    public void Response_ConnectionClose_ConnectionNotReused()
    {
        using var harness = new PoolHarness();
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first, "content-length: 0\r\nconnection: close");

        harness.Get();

        Assert.Equal(2, harness.Stat(ClusterTrafficStat.UpstreamCxTotal));
    }

    [Fact]
    public void IdleTimeout_NoRequest_ConnectionCloses()
    {
        using var harness = new PoolHarness(model => model with { CommonHttp = new CommonHttpSettings { IdleTimeoutMs = 1000 } });
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first);

        harness.Fixture.AdvanceWorker(999);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        harness.Fixture.AdvanceWorker(2);

        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxIdleTimeout));
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxDestroyLocal));
    }

    [Fact]
    public void Cancel_WhileWaiting_NoCallback()
    {
        using var harness = new PoolHarness();
        PoolRequest request = harness.Get();

        request.Pending!.Cancel();
        harness.Accept();
        harness.Fixture.RunWorkerUntil(() => harness.Stat(ClusterTrafficStat.UpstreamCxHttp1Total) == 1);

        Assert.Null(request.Connection);
        Assert.Equal(PoolFailureReason.None, request.Failure);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamRqCancelled));
        Assert.Equal(0, harness.State.Limits(ResourcePriority.Default).PendingRequests.Count);
    }

    [Fact]
    public void PeerCloses_RequestUnderWay_ResetAndCounted()
    {
        using var harness = new PoolHarness();
        PoolRequest request = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);

        peer.Close();
        harness.Fixture.RunWorkerUntil(() => harness.Stat(ClusterTrafficStat.UpstreamCxActive) == 0);

        Assert.NotEqual(Sidecar.Http.Codec.StreamResetReason.None, request.Response.ResetReason);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxDestroyRemoteWithActiveRq));
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamRqActive));
    }

    [Fact]
    public void PeerCloses_IdleConnection_NotOfferedToTheNextRequest()
    {
        using var harness = new PoolHarness();
        PoolRequest first = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);
        harness.Respond(peer, first);

        peer.Close();
        harness.Fixture.RunWorkerUntil(() => harness.Stat(ClusterTrafficStat.UpstreamCxActive) == 0);

        Assert.NotNull(harness.Get().Pending);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxDestroyRemote));
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxDestroyWithActiveRq));
    }

    [Fact]
    public void PeerCloses_BodyDelimitedByIt_ResponseIsComplete()
    {
        using var harness = new PoolHarness();
        PoolRequest request = harness.Get();
        Socket peer = harness.Accept();
        harness.Receive(peer);

        peer.Send("HTTP/1.1 200 OK\r\n\r\nbody"u8);
        peer.Close();
        harness.Fixture.RunWorkerUntil(() => request.Response.Complete);

        Assert.Equal("body", request.Response.BodyText);
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxDestroyWithActiveRq));
        Assert.Equal(0, harness.Stat(ClusterTrafficStat.UpstreamCxActive));
    }

    [Fact]
    public void Http2Cluster_TwoRequests_ShareOneConnection()
    {
        using var harness = new PoolHarness(model => model with { HttpVersion = UpstreamHttpVersion.Http2 });
        PoolRequest first = harness.Get();
        PoolRequest second = harness.Get();
        Socket peer = harness.Accept();

        Assert.StartsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", harness.Receive(peer));
        Assert.Same(first.Connection, second.Connection);
        Assert.Equal(1, harness.Stat(ClusterTrafficStat.UpstreamCxHttp2Total));
        Assert.Equal(2, harness.Stat(ClusterTrafficStat.UpstreamRqActive));
    }
}
