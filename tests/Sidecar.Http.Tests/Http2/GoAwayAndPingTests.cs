using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

public class GoAwayAndPingTests
{
    [Fact]
    public void Shutdown_InTwoSteps_FinishesWhatIsOpenAndIgnoresTheRest()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1));
        server.Codec.ShutdownNotice();
        Assert.Equal([$"GOAWAY {int.MaxValue} NoError"], server.Written());
        Assert.False(server.Codec.WantsClose);
        Assert.Null(server.Feed(new Http2Script().Get(3)));
        Assert.Equal(2, server.Owner.Streams.Count);

        server.Codec.GoAway();
        server.Codec.GoAway();
        Assert.Equal(["GOAWAY 3 NoError"], server.Written());
        Assert.True(server.Codec.WantsClose);
        Assert.Null(server.Feed(new Http2Script().Post(5).Data(5, "ignored")));
        Assert.Equal(2, server.Owner.Streams.Count);
        server.Respond(server.Owner.Streams[0]);
        server.Respond(server.Owner.Streams[1]);
        Assert.Equal(2, server.Written().Count);
        Assert.Equal(0, server.Codec.ActiveStreams);
        Assert.Equal(1, server.Stats.Get(Http2Stat.GoawaySent));
        Assert.Equal(1, server.Stats.Get(Http2Stat.GoawayGracefulSent));
    }

    [Fact]
    public void GoAway_FromTheServer_RefusesStreamsAboveItsLast()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver first = client.Request();
        RecordingReceiver second = client.Request();
        RecordingReceiver third = client.Request();
        Assert.Null(client.Feed(new Http2Script().GoAway(1, Http2ErrorCode.NoError).Headers(3, true, ":status: 200")
            .Headers(1, true, ":status: 200")));
        Assert.True(first.Complete);
        Assert.Equal(StreamResetReason.RemoteRefusedStreamReset, second.ResetReason);
        Assert.Equal(StreamResetReason.RemoteRefusedStreamReset, third.ResetReason);
        Assert.Equal(1, client.Owner.GoAways);
        Assert.Equal(3, client.Owner.ClosedStreams);
        Assert.False(client.Owner.Reusable);
        Assert.Equal(0, client.Pool.Outstanding);
    }

    [Fact]
    public void GoAway_FromTheClient_TellsTheServersOwner()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Get(1).GoAway(0, Http2ErrorCode.NoError)));
        Assert.Equal(1, server.Owner.GoAways);
        Assert.Equal(StreamResetReason.None, server.Owner.Last.ResetReason);
    }

    [Fact]
    public void GoAway_OfTheClientItself_NamesNoStream()
    {
        ClientHarness client = ClientHarness.Started();
        client.Request();
        client.Written();
        client.Codec.GoAway();
        Assert.Equal(["GOAWAY 0 NoError"], client.Written());
    }

    [Fact]
    public void Ping_FromThePeer_IsEchoed()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Ping(0x0123456789abcdef)));
        Http2Frame reply = Http2Frame.ReadAll(server.Transport.TakeOutput())[0];
        Assert.Equal(FrameFlags.Ack, reply.Flags);
        Assert.Equal("0123456789abcdef", System.Convert.ToHexStringLower(reply.Payload));
    }

    [Fact]
    public void Keepalive_Answered_IsNoLongerPending()
    {
        ServerHarness server = ServerHarness.Started();
        server.Codec.SendPing();
        Assert.True(server.Codec.IsPingPending);
        byte[] payload = Http2Frame.ReadAll(server.Transport.TakeOutput())[0].Payload;
        Assert.Null(server.Feed(new Http2Script().Ping(42, ack: true)));
        Assert.True(server.Codec.IsPingPending);
        Assert.Null(server.Feed(new Http2Script().Frame(FrameType.Ping, FrameFlags.Ack, 0, payload)));
        Assert.False(server.Codec.IsPingPending);
    }

    [Fact]
    public void Keepalive_TimedOut_IsCounted()
    {
        ClientHarness client = ClientHarness.Started();
        client.Codec.SendPing();
        Assert.Same(Http2Errors.KeepaliveTimeout, client.Codec.OnPingTimeout());
        Assert.Equal(1, client.Stats.Get(Http2Stat.KeepaliveTimeout));
    }
}
