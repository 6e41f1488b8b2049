using System;
using System.Collections.Generic;
using Google.Protobuf;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Mux;

/// <summary>A server that sends again at once what was NACKed, as go-control-plane does, must not make both sides spin.</summary>
public sealed class NackBackOffTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SameResponse_AfterEachNack_IsNackedAFewTimesAMinute(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);

        int nacks = 0;
        Repeat(fixture, delta, ms: 60_000, () => nacks++);

        Assert.InRange(nacks, 5, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FirstNack_GoesAtOnce(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);

        fixture.Server.Send(Response(delta, "n1", "1", "bad"));

        Assert.Single(fixture.Sent());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SecondNack_OfTheSameContent_WaitsAtLeastAQuarterSecond(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        fixture.Server.Send(Response(delta, "n1", "1", "bad"));
        fixture.Sent();

        fixture.Server.Send(Response(delta, "n2", "2", "bad"));
        fixture.Loop.Advance(249);
        Assert.Empty(fixture.Sent());
        fixture.Loop.Advance(251);

        Assert.Contains("nonce=n2 NACK", Assert.Single(Described(fixture)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SecondNack_OfOtherContentAndVersion_GoesAtOnce(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        fixture.Server.Send(Response(delta, "n1", "1", "bad"));
        fixture.Sent();

        fixture.Server.Send(Response(delta, "n2", "2", "bad", "more"));

        Assert.Single(fixture.Sent());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GoodResponse_WhileANackIsHeld_IsAckedAtOnceAfterIt(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        fixture.Server.Send(Response(delta, "n1", "1", "bad"));
        fixture.Server.Send(Response(delta, "n2", "1", "bad"));
        Assert.Empty(fixture.Sent().FindAll(request => request.Contains("n2", StringComparison.Ordinal)));

        fixture.Server.Send(Response(delta, "n3", "2", "good"));

        List<string> sent = fixture.Sent();
        Assert.DoesNotContain("NACK", sent[^1]);
        Assert.Contains("nonce=n3", sent[^1]);
    }

    [Fact]
    public void Subscription_WhileANackIsHeld_TakesItAlong_InStateOfTheWorld()
    {
        using var fixture = new MuxFixture(delta: false);
        Subscribe(fixture);
        fixture.Server.Send(Response(false, "n1", "1", "bad"));
        fixture.Sent();
        fixture.Server.Send(Response(false, "n2", "1", "bad"));
        Assert.Empty(fixture.Sent());

        fixture.Watch(Cds, "x");

        Assert.Equal(["CDS [*,x] version= nonce=n2 NACK"], fixture.Sent());
    }

    [Fact]
    public void Subscription_WhileANackIsHeld_GoesAlone_InIncremental()
    {
        using var fixture = new MuxFixture(delta: true);
        Subscribe(fixture);
        fixture.Server.Send(Response(true, "n1", "1", "bad"));
        fixture.Sent();
        fixture.Server.Send(Response(true, "n2", "1", "bad"));
        Assert.Empty(fixture.Sent());

        fixture.Watch(Cds, "x");

        Assert.Equal(["CDS +x"], fixture.Sent());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OtherTypes_WhileANackIsHeld_AreAnswered(bool delta)
    {
        using var fixture = new MuxFixture(delta);
        Subscribe(fixture);
        fixture.Watch(Lds);
        fixture.Server.Send(Response(delta, "n1", "1", "bad"));
        fixture.Sent();
        fixture.Server.Send(Response(delta, "n2", "1", "bad"));

        fixture.Server.Send(delta ? Delta(Lds, "n3", "l") : Sotw(Lds, "1", "n3", "l"));

        Assert.StartsWith("LDS", Assert.Single(fixture.Sent()));
    }

    private static void Subscribe(MuxFixture fixture)
    {
        fixture.Mux.Start();
        (_, RecordingWatch heard) = fixture.Watch(Cds);
        heard.Bad.Add("bad");
        fixture.Sent();
    }

    /// <summary>Answers every NACK with the same bad resource under a new nonce.</summary>
    private static void Repeat(MuxFixture fixture, bool delta, int ms, Action onNack)
    {
        int nonce = 0;
        fixture.Server.Send(Response(delta, "n0", "1", "bad"));
        for (int elapsed = 0; elapsed < ms; elapsed += 10)
        {
            fixture.Loop.Advance(10);
            foreach (string request in Described(fixture))
            {
                Assert.Contains("NACK", request);
                onNack();
                fixture.Server.Send(Response(delta, "n" + ++nonce, "1", "bad"));
            }
        }
    }

    private static List<string> Described(MuxFixture fixture) => fixture.Mux is AdsDeltaMux
        ? fixture.Server.TakeDelta().ConvertAll(Describe)
        : fixture.Server.TakeSotw().ConvertAll(Describe);

    private static IMessage Response(bool delta, string nonce, string version, params string[] names) =>
        delta ? Delta(Cds, nonce, version, names) : Sotw(Cds, version, nonce, names);
}
