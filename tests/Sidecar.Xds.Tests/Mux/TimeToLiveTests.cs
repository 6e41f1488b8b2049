using Envoy.Service.Discovery.V3;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Mux;

/// <summary>Resources with a time to live, and the heartbeats that prolong it.</summary>
public sealed class TimeToLiveTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Resource_NotRefreshed_IsRemovedWhenItsTimeIsOver(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        RecordingWatch heard = Subscribe(fixture);
        SendWithTtl(fixture, delta, "n1", "1", withBody: true);

        fixture.Loop.Advance(4_999);
        Assert.Equal(["+a @1"], heard.Events);
        fixture.Loop.Advance(2);

        Assert.Equal(["+a @1", "-a @"], heard.Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Heartbeat_WithoutBody_ProlongsTheTimeWithoutAnUpdate(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        RecordingWatch heard = Subscribe(fixture);
        SendWithTtl(fixture, delta, "n1", "1", withBody: true);
        fixture.Loop.Advance(4_000);

        SendWithTtl(fixture, delta, "n2", "1", withBody: false);
        fixture.Loop.Advance(4_000);

        Assert.DoesNotContain("-a @", heard.Events);
        fixture.Loop.Advance(1_001);
        Assert.Equal("-a @", heard.Events[^1]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Heartbeat_IsAcked(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        SendWithTtl(fixture, delta, "n1", "1", withBody: true);
        fixture.Sent();

        SendWithTtl(fixture, delta, "n2", "1", withBody: false);

        Assert.DoesNotContain("NACK", Assert.Single(fixture.Sent()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Heartbeat_ForAVersionThatWeLack_IsNacked(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        SendWithTtl(fixture, delta, "n1", "1", withBody: true);
        fixture.Sent();

        SendWithTtl(fixture, delta, "n2", "2", withBody: false);

        Assert.Contains("NACK", Assert.Single(fixture.Sent()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Update_WithoutTimeToLive_LivesOn(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        RecordingWatch heard = Subscribe(fixture);
        SendWithTtl(fixture, delta, "n1", "1", withBody: true);

        fixture.Server.Send(delta ? Delta(Cds, "n2", "a") : Sotw(Cds, "2", "n2", "a"));
        fixture.Loop.Advance(60_000);

        Assert.Equal(2, heard.Events.Count);
    }

    private static RecordingWatch Subscribe(MuxFixture fixture)
    {
        fixture.Mux.Start();
        (_, RecordingWatch heard) = fixture.Watch(Cds);
        fixture.Sent();
        return heard;
    }

    private static void SendWithTtl(MuxFixture fixture, bool delta, string nonce, string version, bool withBody)
    {
        Resource resource = Wrapped(withBody ? Cds : null, "a", version, ttlSeconds: 5);
        if (delta)
        {
            DeltaDiscoveryResponse response = Delta(Cds, nonce, version, []);
            response.Resources.Add(resource);
            fixture.Server.Send(response);
            return;
        }

        DiscoveryResponse all = Sotw(Cds, version, nonce);
        all.Resources.Add(InAny(resource));
        fixture.Server.Send(all);
    }
}
