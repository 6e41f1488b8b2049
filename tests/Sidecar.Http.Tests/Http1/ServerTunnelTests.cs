using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class ServerTunnelTests
{
    private const string Upgrade = "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";

    [Fact]
    public void Upgrade_Accepted_BytesPassRawBothWays()
    {
        var server = new Http1ServerHarness();
        server.Feed(Upgrade);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("101", "connection: upgrade", "upgrade: websocket"), endStream: false);
        server.Feed("GET raw\r\n");
        server.Transport.EncodeData(server.Last.Sender!, "back"u8, endStream: false);
        server.Codec.OnEndOfStream();
        server.Transport.EncodeData(server.Last.Sender!, default, endStream: true);

        Assert.Equal(["headers", "data(9)", "data(0)+end"], server.Last.Events);
        Assert.Equal(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nback", server.Transport.TakeOutputText());
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void Upgrade_Refused_ConnectionGoesOn()
    {
        var server = new Http1ServerHarness();
        server.Feed(Upgrade);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("403", "content-length: 0"), endStream: true);
        server.Feed("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.False(server.Codec.WantsClose);
        Assert.Equal("/2"u8, server.Last.Headers.Path);
    }

    [Fact]
    public void Upgrade_RefusedAfterRawBytes_Closes()
    {
        var server = new Http1ServerHarness();
        server.Feed(Upgrade + "raw");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("403", "content-length: 0"), endStream: true);

        Assert.True(server.Codec.WantsClose);
    }

    [Theory]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx")]
    public void Upgrade_ToH2cOrWithABody_IsIgnored(string fields)
    {
        var server = new Http1ServerHarness();

        server.Feed("POST / HTTP/1.1\r\nHost: h\r\n" + fields);

        Assert.True(server.Last.Complete);
        Assert.DoesNotContain("upgrade", server.LastHead);
    }

    [Fact]
    public void Upgrade_MatchedByIgnoreList_IsIgnored()
    {
        var server = new Http1ServerHarness(new Http1Settings { IgnoreUpgrades = new Everything() });

        server.Feed(Upgrade);

        Assert.True(server.Last.Complete);
    }

    [Fact]
    public void Connect_Accepted_BytesPassRaw()
    {
        var server = new Http1ServerHarness();
        server.Feed("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Feed("\u0016\u0003\u0001");
        server.Transport.EncodeData(server.Last.Sender!, "tls"u8, endStream: false);

        Assert.Equal(["headers", "data(3)"], server.Last.Events);
        Assert.Equal("HTTP/1.1 200 OK\r\n\r\ntls", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Connect_Refused_Closes()
    {
        var server = new Http1ServerHarness();
        server.Feed("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("404", "content-length: 0"), endStream: true);

        Assert.EndsWith("connection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
    }

    private sealed class Everything : UpgradeMatcher
    {
        public override bool Matches(System.ReadOnlySpan<byte> upgrade) => true;
    }
}
