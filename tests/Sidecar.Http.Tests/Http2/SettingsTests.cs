using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

public class SettingsTests
{
    [Fact]
    public void HeaderTableSize_OfThePeer_IsFollowed()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.HeaderTableSize, 0));
        server.Feed(new Http2Script().Get(1).Get(3));
        server.Respond(server.Owner.Streams[0], more: "server: x");
        byte[] first = Http2Frame.ReadAll(server.Transport.TakeOutput())[0].Payload;
        Assert.Equal(0x20, first[0]);
        server.Respond(server.Owner.Streams[1], more: "server: x");
        byte[] second = Http2Frame.ReadAll(server.Transport.TakeOutput())[0].Payload;
        Assert.Equal(first[1..], second);
    }

    [Fact]
    public void HeaderTableSize_OfOurs_HoldsOnceAcknowledged()
    {
        var server = new ServerHarness(new Http2Settings { HpackTableBytes = 0 });
        Assert.Null(server.Feed(new Http2Script().Preface().Settings().Get(1)));
        Assert.Same(Http2Errors.Compression, server.Feed(new Http2Script().SettingsAck().Get(3)));
    }

    [Fact]
    public void MaxConcurrentStreams_OfThePeer_TellsTheClientsOwner()
    {
        var client = new ClientHarness(new Http2Settings { MaxConcurrentStreams = 50 });
        Assert.Equal(50u, client.Codec.MaxConcurrentStreams);
        client.Feed(new Http2Script().Settings((SettingId.MaxConcurrentStreams, 10)));
        Assert.Equal(10u, client.Codec.MaxConcurrentStreams);
        client.Feed(new Http2Script().Settings((SettingId.MaxConcurrentStreams, 10)).Settings((SettingId.MaxConcurrentStreams, 100)));
        Assert.Equal(50u, client.Codec.MaxConcurrentStreams);
        Assert.Equal(2, client.Owner.MaxConcurrentStreamsChanges);
    }

    [Fact]
    public void ConnectProtocol_Withdrawn_ConnectionError()
    {
        ClientHarness client = ClientHarness.Started(null, (SettingId.EnableConnectProtocol, 1));
        Assert.True(client.Codec.PeerAllowsConnectProtocol);
        Assert.Same(Http2Errors.InvalidSetting, client.Feed(new Http2Script().Settings((SettingId.EnableConnectProtocol, 0))));
    }

    [Fact]
    public void InitialWindow_ChangeThatOverflowsAStream_ConnectionError()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Same(
            Http2Errors.WindowOverflow,
            server.Feed(new Http2Script().Post(1).WindowUpdate(1, 1000).Settings((SettingId.InitialWindowSize, int.MaxValue))));
    }

    [Fact]
    public void Defaults_AreEnvoys()
    {
        Http2Settings settings = Http2Settings.Default;
        Assert.Equal(4096, settings.HpackTableBytes);
        Assert.Equal(1024u, settings.MaxConcurrentStreams);
        Assert.Equal(16 * 1024 * 1024, settings.InitialStreamWindowBytes);
        Assert.Equal(24 * 1024 * 1024, settings.InitialConnectionWindowBytes);
        Assert.Equal(10_000u, settings.MaxOutboundFrames);
        Assert.Equal(1_000u, settings.MaxOutboundControlFrames);
        Assert.Equal(1u, settings.MaxConsecutiveEmptyFrames);
        Assert.Equal(100u, settings.MaxPriorityFramesPerStream);
        Assert.Equal(10u, settings.MaxWindowUpdateFramesPerDataFrame);
        Assert.Equal(60 * 1024, settings.MaxHeadersBytes);
        Assert.Equal(100, settings.MaxHeadersCount);
        Assert.False(settings.StreamErrorOnInvalidMessage);
        Assert.False(settings.AllowConnect);
    }

    [Fact]
    public void Response_ToASmallTable_StillDecodes()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.HeaderTableSize, 100));
        server.Feed(new Http2Script().Get(1));
        server.Owner.Last.Sender!.EncodeHeaders(HpackText.Map(":status: 200", "a: 1", "b: 2", "c: 3", "d: 4"), endStream: true);
        Assert.Equal(["HEADERS 1 end | :status: 200, a: 1, b: 2, c: 3, d: 4"], server.Written());
    }
}
