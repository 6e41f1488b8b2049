using System;
using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Streams;

/// <summary>Streams that end, cannot be opened, or bring rubbish.</summary>
public sealed class ReconnectTests : IDisposable
{
    private readonly MuxFixture _fixture = new(delta: false);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Unreachable_ForAMinute_IsTriedWithGrowingIntervals()
    {
        _fixture.Server.IsReachable = false;
        _fixture.Mux.Start();

        _fixture.Loop.Advance(60_000);

        // Random below 0.5, 1, 2, 4, 8, 16, 30, 30 s: the average of one attempt more than the intervals halved.
        Assert.InRange(_fixture.Server.Connects, 6, 14);
    }

    [Fact]
    public void Message_Received_StartsTheIntervalsAnew()
    {
        _fixture.Server.IsReachable = false;
        _fixture.Mux.Start();
        _fixture.Watch(Cds);
        _fixture.Loop.Advance(60_000);
        _fixture.Server.IsReachable = true;
        _fixture.Loop.Advance(30_000);
        _fixture.Server.Send(Sotw(Cds, "1", "n1"));
        int connects = _fixture.Server.Connects;

        _fixture.Server.Close();
        _fixture.Loop.Advance(500);

        Assert.Equal(connects + 1, _fixture.Server.Connects);
    }

    [Fact]
    public void StreamsThatCloseAtOnce_WithoutAMessage_KeepGrowingTheInterval()
    {
        _fixture.Mux.Start();
        for (int elapsed = 0; elapsed < 60_000; elapsed += 10)
        {
            _fixture.Loop.Advance(10);
            if (_fixture.Server.Current is not null)
            {
                _fixture.Server.Close();
            }
        }

        Assert.InRange(_fixture.Server.Connects, 6, 14);
    }

    [Fact]
    public void StreamLost_TellsEveryWatch()
    {
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(Cds);

        _fixture.Server.Close();

        Assert.Equal(["connection failed"], heard.Events);
    }

    public static TheoryData<byte[]> Rubbish() => new()
    {
        new byte[] { 0xff },
        new byte[] { 0x0a, 0x05, 1 },
        new byte[] { 0x12, 0xff, 0xff, 0xff, 0xff, 0x7f },
        new byte[] { 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public void Rubbish_InsteadOfAResponse_ResetsTheStreamAndTriesAgain(byte[] rubbish)
    {
        _fixture.Mux.Start();
        _fixture.Watch(Cds);
        _fixture.Sent();

        _fixture.Server.SendRaw(rubbish);

        Assert.Equal(1, _fixture.Server.Resets);
        Assert.False(_fixture.Mux.IsConnected);
        _fixture.Loop.Advance(500);
        Assert.Equal(["CDS [] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Rubbish_AgainAndAgain_IsNotAnsweredInALoop()
    {
        _fixture.Mux.Start();
        for (int elapsed = 0; elapsed < 60_000; elapsed += 10)
        {
            _fixture.Loop.Advance(10);
            if (_fixture.Server.Current is not null)
            {
                _fixture.Server.SendRaw(0xff);
            }
        }

        Assert.InRange(_fixture.Server.Connects, 6, 14);
    }

    [Fact]
    public void RandomBytes_InsteadOfResponses_AreSurvived()
    {
        var random = new Random(7);
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(Cds);
        for (int i = 0; i < 2_000; i++)
        {
            var bytes = new byte[random.Next(1, 64)];
            random.NextBytes(bytes);
            while (_fixture.Server.Current is null)
            {
                _fixture.Loop.Advance(1_000);
            }

            _fixture.Server.SendRaw(bytes);
        }

        Assert.DoesNotContain(heard.Events, static e => e.StartsWith('+'));
    }

    [Fact]
    public void ConnectedState_FollowsTheStream()
    {
        _fixture.Mux.Start();
        Assert.True(_fixture.Stats.IsConnected);

        _fixture.Server.Close();

        Assert.False(_fixture.Stats.IsConnected);
    }

    [Fact]
    public void Identifier_OfTheControlPlane_IsKept()
    {
        _fixture.Mux.Start();
        _fixture.Watch(Cds);
        var response = Sotw(Cds, "1", "n1");
        response.ControlPlane = new Envoy.Config.Core.V3.ControlPlane { Identifier = "istiod-7" };

        _fixture.Server.Send(response);

        Assert.Equal("istiod-7", _fixture.Mux.ControlPlaneIdentifier);
    }

    [Fact]
    public void Events_OfAnOldStream_ReachNobody()
    {
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(Cds);
        XdsStreamHandler old = _fixture.Server.Current!.Handler;
        _fixture.Server.Close();
        _fixture.Loop.Advance(500);
        heard.Events.Clear();

        old.OnMessage(Google.Protobuf.MessageExtensions.ToByteArray(Sotw(Cds, "1", "n1", "a")));
        old.OnClosed(14, "again");

        Assert.Empty(heard.Events);
        Assert.True(_fixture.Mux.IsConnected);
    }

    [Fact]
    public void Shutdown_ResetsTheStreamForGood()
    {
        _fixture.Mux.Start();

        _fixture.Mux.Shutdown();
        _fixture.Loop.Advance(60_000);

        Assert.Equal(1, _fixture.Server.Resets);
        Assert.Equal(1, _fixture.Server.Connects);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Node_IsSentOnTheFirstMessageOnly_WhenSoConfigured(bool firstOnly, int expected)
    {
        using var fixture = new MuxFixture(delta: false, nodeOnFirstMessageOnly: firstOnly);
        fixture.Watch(Cds);
        fixture.Watch(Lds);
        fixture.Mux.Start();
        fixture.Loop.Run();

        Assert.Equal(expected, fixture.Server.TakeSotw().FindAll(static request => request.Node?.Id == "sidecar~1").Count);
    }

    [Fact]
    public void Node_IsSentAgain_OnTheNextStream()
    {
        _fixture.Watch(Cds);
        _fixture.Mux.Start();
        _fixture.Loop.Run();
        _fixture.Server.TakeSotw();
        _fixture.Server.Close();
        _fixture.Loop.Advance(500);

        Assert.NotNull(Assert.Single(_fixture.Server.TakeSotw()).Node);
    }

    [Fact]
    public void Requests_OverTheRateLimit_WaitAndAreCounted()
    {
        using var fixture = new MuxFixture(delta: true, settings: new StreamSettings { MaxRequestTokens = 2, RequestsPerSecond = 1 });
        fixture.Watch(Cds);
        fixture.Watch(Lds);
        fixture.Watch(Eds, "a");
        fixture.Mux.Start();

        List<string> atOnce = fixture.Sent();
        fixture.Loop.Advance(1_000);
        List<string> later = fixture.Sent();

        Assert.Equal(["CDS", "EDS +a"], atOnce);
        Assert.Equal(["LDS"], later);
        StatStore.Instance stats = fixture.Loop.Stats.Register("control_plane.", ControlPlaneStats.Table);
        Assert.Equal(1, fixture.Loop.Stats.Sum(stats, (int)ControlPlaneStat.RateLimitEnforced));
    }
}
