using System;
using Envoy.Service.Discovery.V3;
using Sidecar.Xds.Mux;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Mux;

/// <summary>Incremental: who says what when.</summary>
public sealed class DeltaConversationTests : IDisposable
{
    private readonly MuxFixture _fixture = new(delta: true);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void FirstRequests_AllTypes_GoInOrderOfDependency()
    {
        _fixture.Watch(Rds, "r");
        _fixture.Watch(Lds);
        _fixture.Watch(Eds, "e");
        _fixture.Watch(Cds);
        _fixture.Mux.Start();

        Assert.Equal(["CDS", "EDS +e", "LDS", "RDS +r"], _fixture.Sent());
    }

    [Fact]
    public void Response_Accepted_IsAckedWithItsNonce()
    {
        RecordingWatch heard = Subscribe(Cds);

        _fixture.Server.Send(Delta(Cds, "n1", "a", "b"));

        Assert.Equal(["CDS nonce=n1"], _fixture.Sent());
        Assert.Equal(["+a +b @v-n1"], heard.Events);
    }

    [Fact]
    public void Response_Rejected_IsNackedWithTheReason()
    {
        RecordingWatch heard = Subscribe(Cds);
        heard.Bad.Add("a");

        _fixture.Server.Send(Delta(Cds, "n1", "a"));
        _fixture.Loop.Run();

        DeltaDiscoveryRequest nack = Assert.Single(_fixture.Server.TakeDelta());
        Assert.Equal("CDS nonce=n1 NACK", Describe(nack));
        Assert.Equal("bad: a", nack.ErrorDetail.Message);
    }

    [Fact]
    public void Names_ChangedMidFlight_GoWithTheAck()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, RecordingWatch heard) = _fixture.Watch(Eds, "a");
        _fixture.Sent();
        heard.DuringUpdate = () => watch.Update(["b"]);

        _fixture.Server.Send(Delta(Eds, "n1", "a"));

        Assert.Equal(["EDS +b -a nonce=n1"], _fixture.Sent());
    }

    [Fact]
    public void Names_Changed_AreSaidWithoutNonce()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, _) = _fixture.Watch(Eds, "a", "b");
        _fixture.Sent();

        watch.Update(["b", "c"]);

        Assert.Equal(["EDS +c -a"], _fixture.Sent());
    }

    [Fact]
    public void Name_RemovedAndAddedBetweenRequests_IsSubscribedAgain()
    {
        _fixture.Mux.Start();
        (XdsWatch watch, _) = _fixture.Watch(Eds, "a", "b");
        _fixture.Sent();

        watch.Update(["b"]);
        watch.Update(["a", "b"]);

        Assert.Equal(["EDS +a"], _fixture.Sent());
    }

    [Fact]
    public void Removal_ReachesTheWatches()
    {
        RecordingWatch heard = Subscribe(Cds);
        _fixture.Server.Send(Delta(Cds, "n1", "a", "b"));

        _fixture.Server.Send(Removal(Cds, "n2", "a"));

        Assert.Equal(["+a +b @v-n1", "-a @"], heard.Events);
    }

    [Fact]
    public void Reconnect_SaysWhatWeHave()
    {
        Subscribe(Cds);
        _fixture.Watch(Eds, "a", "never");
        _fixture.Server.Send(Delta(Cds, "n1", "a", "b", "c"));
        _fixture.Server.Send(Removal(Cds, "n2", "b"));
        _fixture.Server.Send(Delta(Eds, "n3", "a"));
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS a@v-n1 c@v-n1", "EDS +a +never a@v-n3"], _fixture.Sent());
    }

    [Fact]
    public void Reconnect_AfterARejection_DoesNotClaimWhatFailed()
    {
        RecordingWatch heard = Subscribe(Cds);
        heard.Bad.Add("bad");
        _fixture.Server.Send(Delta(Cds, "n1", "good", "bad"));
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS good@v-n1"], _fixture.Sent());
    }

    [Fact]
    public void Reconnect_AfterARemoval_DoesNotClaimIt()
    {
        Subscribe(Eds, "a");
        _fixture.Server.Send(Delta(Eds, "n1", "a"));
        _fixture.Server.Send(Removal(Eds, "n2", "a"));
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["EDS +a"], _fixture.Sent());
    }

    [Fact]
    public void Wildcard_WithNamesBesides_IsSpelledOutOnTheNextStream()
    {
        Subscribe(Cds);
        _fixture.Watch(Cds, "on-demand");
        Assert.Equal(["CDS +on-demand"], _fixture.Sent());

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS +* +on-demand"], _fixture.Sent());
    }

    [Fact]
    public void Name_GivenUpUnderAWildcard_KeepsItsVersionUntilTheServerSpeaks()
    {
        Subscribe(Cds);
        (XdsWatch watch, _) = _fixture.Watch(Cds, "a");
        _fixture.Server.Send(Delta(Cds, "n1", "a"));
        _fixture.Sent();
        watch.Remove();
        Assert.Equal(["CDS -a"], _fixture.Sent());

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["CDS a@v-n1"], _fixture.Sent());
    }

    [Fact]
    public void Resource_NobodyAskedFor_IsNotClaimed()
    {
        Subscribe(Eds, "a");
        _fixture.Server.Send(Delta(Eds, "n1", "a", "stray"));
        _fixture.Sent();

        _fixture.Server.Close();
        _fixture.Loop.Advance(1000);

        Assert.Equal(["EDS +a a@v-n1"], _fixture.Sent());
    }

    [Fact]
    public void Alias_ThatCannotBeResolved_IsAckedAndIgnored()
    {
        RecordingWatch heard = Subscribe(Eds, "a");
        var response = new DeltaDiscoveryResponse { TypeUrl = Eds, Nonce = "n1" };
        response.Resources.Add(new Resource { Name = "a", Aliases = { "b" } });

        _fixture.Server.Send(response);

        Assert.Equal(["EDS nonce=n1"], _fixture.Sent());
        Assert.Empty(heard.Events);
    }

    public static TheoryData<string, DeltaDiscoveryResponse> RefusedResponses()
    {
        var wrongType = Delta(Eds, "n1", "a");
        wrongType.Resources.Add(Wrapped(Rds, "r", "1"));
        var twice = Delta(Eds, "n1", "a", "a");
        var both = Delta(Eds, "n1", "a");
        both.RemovedResources.Add("a");
        var empty = Delta(Eds, "n1");
        empty.Resources.Add(Wrapped(null, "a", "1"));
        return new TheoryData<string, DeltaDiscoveryResponse>
        {
            { "does not match the message-wide type URL", wrongType },
            { "duplicate name a found among added/updated resources", twice },
            { "duplicate name a found in the union of added+removed resources", both },
            { "a: resource without content", empty },
        };
    }

    [Theory]
    [MemberData(nameof(RefusedResponses), DisableDiscoveryEnumeration = true)]
    public void Response_BrokenAsAWhole_IsNackedAndNothingOfItApplied(string reason, DeltaDiscoveryResponse response)
    {
        RecordingWatch heard = Subscribe(Eds, "a");

        _fixture.Server.Send(response);

        Assert.Equal(["EDS nonce=n1 NACK"], _fixture.Sent());
        Assert.Contains(reason, Assert.Single(heard.Events));
    }

    private RecordingWatch Subscribe(string typeUrl, params string[] names)
    {
        _fixture.Mux.Start();
        (_, RecordingWatch heard) = _fixture.Watch(typeUrl, names);
        _fixture.Sent();
        return heard;
    }
}
