using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Extended CONNECT (RFC 8441) and its form inside the proxy.</summary>
public class UpgradeTests
{
    [Fact]
    public void ExtendedConnect_Allowed_BecomesAnUpgradeAndBack()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { AllowConnect = true });
        Assert.Null(server.Feed(new Http2Script().Headers(
            1, false, ":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /chat", ":authority: test")));
        RecordingReceiver stream = server.Owner.Last;
        Assert.Equal(
            ":method: GET\n:scheme: http\n:path: /chat\n:authority: test\nupgrade: websocket\nconnection: upgrade\n",
            RecordingReceiver.Text(stream.Headers));
        stream.Sender!.EncodeHeaders(HpackText.Map(":status: 101", "upgrade: websocket", "connection: upgrade"), endStream: false);
        server.Transport.EncodeData(stream.Sender, "frame"u8, endStream: false);
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 frame"], server.Written());
        Assert.Null(server.Feed(new Http2Script().Data(1, "more")));
        Assert.Equal("more", stream.BodyText);
    }

    [Fact]
    public void Upgrade_ToAServerThatTakesIt_BecomesExtendedConnect()
    {
        ClientHarness client = ClientHarness.Started(null, (SettingId.EnableConnectProtocol, 1));
        RecordingReceiver stream = client.Request("GET", endStream: false, "upgrade: websocket", "connection: Upgrade");
        Assert.Equal(
            ["HEADERS 1 | :authority: test, :method: CONNECT, :path: /, :scheme: http, :protocol: websocket"],
            client.Written());
        Assert.Null(client.Feed(new Http2Script().Headers(1, false, ":status: 200")));
        Assert.Equal(":status: 101\nupgrade: websocket\nconnection: upgrade\n", RecordingReceiver.Text(stream.Headers));
    }
}
