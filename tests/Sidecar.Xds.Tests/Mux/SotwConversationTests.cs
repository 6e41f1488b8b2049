using System;
using Envoy.Service.Discovery.V3;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Mux;

/// <summary>State of the world: who says what when.</summary>
public sealed class SotwConversationTests : IDisposable
{
    private readonly MuxFixture _fixture = new(delta: false);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void FirstRequests_AllTypes_GoInOrderOfDependency()
    {
        _fixture.Watch(Rds, "r");
        _fixture.Watch(Lds);
        _fixture.Watch(Eds, "e");
        _fixture.Watch(Cds);
        _fixture.Mux.Start();

        Assert.Equal(["CDS [] version= nonce=", "EDS [e] version= nonce=", "LDS [] version= nonce=", "RDS [r] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Watches_ManyInOneIteration_AreOneRequest()
    {
        _fixture.Mux.Start();
        _fixture.Watch(Eds, "b");
        _fixture.Watch(Eds, "a");
        _fixture.Watch(Eds, "a", "c");

        Assert.Equal(["EDS [a,b,c] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Response_Accepted_IsAckedWithItsVersionAndNonce()
    {
        RecordingWatch heard = Subscribe(Cds);

        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a", "b"));

        Assert.Equal(["CDS [] version=1 nonce=n1"], _fixture.Sent());
        Assert.Equal(["+a +b @1"], heard.Events);
    }

    [Fact]
    public void Response_RejectedAtFirst_IsNackedWithoutVersion()
    {
        RecordingWatch heard = Subscribe(Cds);
        heard.Bad.Add("a");

        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a"));

        Assert.Equal(["CDS [] version= nonce=n1 NACK"], _fixture.Sent());
    }

    [Fact]
    public void Response_RejectedLater_IsNackedWithTheVersionInForce()
    {
        RecordingWatch heard = Subscribe(Cds);
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a"));
        _fixture.Sent();
        heard.Bad.Add("b");

        _fixture.Server.Send(Sotw(Cds, "2", "n2", "a", "b"));
        _fixture.Loop.Run();

        DiscoveryRequest nack = Assert.Single(_fixture.Server.TakeSotw());
        Assert.Equal("CDS [] version=1 nonce=n2 NACK", Describe(nack));
        Assert.Equal(3, nack.ErrorDetail.Code);
        Assert.Equal("bad: b", nack.ErrorDetail.Message);
    }

    [Fact]
    public void Response_GoodAfterNack_IsAcked()
    {
        RecordingWatch heard = Subscribe(Cds);
        heard.Bad.Add("a");
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a"));
        _fixture.Sent();
        heard.Bad.Clear();

        _fixture.Server.Send(Sotw(Cds, "2", "n2", "a"));

        Assert.Equal(["CDS [] version=2 nonce=n2"], _fixture.Sent());
    }

    [Fact]
    public void Responses_TwoInOneIteration_AreAnsweredInOrderEachWithItsVersion()
    {
        RecordingWatch heard = Subscribe(Cds);
        heard.Bad.Add("x");
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "x"));
        _fixture.Server.Send(Sotw(Cds, "2", "n2", "a"));

        Assert.Equal(["CDS [] version= nonce=n1 NACK", "CDS [] version=2 nonce=n2"], _fixture.Sent());
    }

    [Fact]
    public void Names_ChangedAfterAck_CarryVersionAndNonce()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, _) = _fixture.Watch(Eds, "a");
        _fixture.Sent();
        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));
        _fixture.Sent();

        watch.Update(["a", "b"]);

        Assert.Equal(["EDS [a,b] version=1 nonce=n1"], _fixture.Sent());
    }

    [Fact]
    public void Names_ChangedWhileResponseIsApplied_GoWithItsAck()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, RecordingWatch heard) = _fixture.Watch(Eds, "a");
        _fixture.Sent();
        heard.DuringUpdate = () => watch.Update(["a", "b"]);

        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));

        Assert.Equal(["EDS [a,b] version=1 nonce=n1"], _fixture.Sent());
    }

    [Fact]
    public void Names_AllGone_AreUnsubscribedByAnEmptyList()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, _) = _fixture.Watch(Eds, "a");
        _fixture.Sent();

        watch.Remove();

        Assert.Equal(["EDS [] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Names_AllGone_TheTypeStaysSilentOnTheNextStream()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, _) = _fixture.Watch(Eds, "a");
        _fixture.Sent();
        watch.Remove();
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(2, _fixture.Server.Connects);
        Assert.Empty(_fixture.Sent());
    }

    [Fact]
    public void Wildcard_WithNamesBesides_IsSpelledOut()
    {
        Subscribe(Cds);

        _fixture.Watch(Cds, "on-demand");

        Assert.Equal(["CDS [*,on-demand] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Reconnect_AfterAck_SaysTheVersionWithoutNonce()
    {
        Subscribe(Cds);
        _fixture.Server.Send(Sotw(Cds, "7", "n1", "a"));
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS [] version=7 nonce="], _fixture.Sent());
    }

    [Fact]
    public void Reconnect_WithAnswerPending_ForgetsTheAnswer()
    {
        Subscribe(Cds);
        _fixture.Server.Send(Sotw(Cds, "1", "n1", "a"));

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS [] version=1 nonce="], _fixture.Sent());
    }

    [Theory]
    [InlineData("CDS", "+b -a @2")]
    [InlineData("LDS", "+b -a @2")]
    [InlineData("EDS", "+b @2")]
    [InlineData("RDS", "+b @2")]
    public void Absence_InAResponse_IsRemovalOnlyForListenersAndClusters(string type, string expected)
    {
        string typeUrl = type switch { "CDS" => Cds, "LDS" => Lds, "EDS" => Eds, _ => Rds };
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(typeUrl, "a", "b");
        _fixture.Server.Send(Sotw(typeUrl, "1", "n1", "a", "b"));

        _fixture.Server.Send(Sotw(typeUrl, "2", "n2", "b"));

        Assert.Equal(["+a +b @1", expected], heard.Events);
    }

    [Fact]
    public void EmptyResponse_ToAWildcard_RemovesEverything()
    {
        RecordingWatch heard = Subscribe(Lds);
        _fixture.Server.Send(Sotw(Lds, "1", "n1", "a"));

        _fixture.Server.Send(Sotw(Lds, "2", "n2"));

        Assert.Equal(["+a @1", "-a @2"], heard.Events);
    }

    [Fact]
    public void Watches_OfDifferentNames_HearOnlyOfTheirs()
    {
        _fixture.Mux.Start();
        (_, RecordingWatch a) = _fixture.Watch(Eds, "a");
        (_, RecordingWatch b) = _fixture.Watch(Eds, "b");

        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));

        Assert.Equal(["+a @1"], a.Events);
        Assert.Empty(b.Events);
    }

    [Fact]
    public void Watch_LateForAKnownName_GetsItFromMemory()
    {
        Subscribe(Eds, "a");
        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));
        _fixture.Sent();

        (_, RecordingWatch late) = _fixture.Watch(Eds, "a");

        Assert.Empty(_fixture.Sent());
        Assert.Equal(["+a @1"], late.Events);
    }

    [Fact]
    public void Watch_Removed_HearsNothingMore()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, RecordingWatch heard) = _fixture.Watch(Eds, "a");
        watch.Remove();

        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));

        Assert.Empty(heard.Events);
    }

    public static TheoryData<string, DiscoveryResponse> RefusedResponses()
    {
        var wrongType = Sotw(Eds, "1", "n1", "a");
        wrongType.Resources.Add(Named(Rds, "r"));
        var twice = Sotw(Eds, "1", "n1", "a", "a");
        var empty = Sotw(Eds, "1", "n1");
        empty.Resources.Add(InAny(Wrapped(null, "a", "1")));
        var malformed = Sotw(Eds, "1", "n1", "b");
        malformed.Resources.Add(new Google.Protobuf.WellKnownTypes.Any { TypeUrl = Eds, Value = Google.Protobuf.ByteString.CopyFrom(0x0a, 0x7f) });
        return new TheoryData<string, DiscoveryResponse>
        {
            { "does not match the message-wide type URL", wrongType },
            { "duplicate name a found among added/updated resources", twice },
            { "a: resource without content", empty },
            { "malformed resource", malformed },
        };
    }

    [Theory]
    [MemberData(nameof(RefusedResponses), DisableDiscoveryEnumeration = true)]
    public void Response_BrokenAsAWhole_IsNackedAndNothingOfItApplied(string reason, DiscoveryResponse response)
    {
        RecordingWatch heard = Subscribe(Eds, "a", "b");

        _fixture.Server.Send(response);

        Assert.Equal(["EDS [a,b] version= nonce=n1 NACK"], _fixture.Sent());
        Assert.Contains(reason, Assert.Single(heard.Events));
        Assert.StartsWith("rejected: ", heard.Events[0]);
    }

    [Fact]
    public void Response_OfATypeNobodyAskedFor_IsIgnored()
    {
        Subscribe(Cds);

        _fixture.Server.Send(Sotw(Eds, "1", "n1", "a"));

        Assert.Empty(_fixture.Sent());
    }

    [Fact]
    public void Pause_WhileEndpointsAreCollected_SendsThemOnce()
    {
        _fixture.Mux.Start();
        using (_fixture.Mux.Pause(Eds))
        {
            _fixture.Watch(Eds, "a");
            Assert.Empty(_fixture.Sent());
            _fixture.Watch(Eds, "b");
            Assert.Empty(_fixture.Sent());
        }

        Assert.Equal(["EDS [a,b] version= nonce="], _fixture.Sent());
    }

    [Fact]
    public void Pause_Nested_EndsWithTheLast()
    {
        _fixture.Mux.Start();
        IDisposable outer = _fixture.Mux.Pause(Eds);
        IDisposable inner = _fixture.Mux.Pause(Eds, Rds);
        _fixture.Watch(Eds, "a");

        inner.Dispose();
        Assert.Empty(_fixture.Sent());
        outer.Dispose();

        Assert.Equal(["EDS [a] version= nonce="], _fixture.Sent());
    }

    private RecordingWatch Subscribe(string typeUrl, params string[] names)
    {
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(typeUrl, names);
        _fixture.Sent();
        return heard;
    }
}
