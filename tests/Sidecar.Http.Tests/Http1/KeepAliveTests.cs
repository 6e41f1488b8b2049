using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class KeepAliveTests
{
    private static readonly Http1Settings s_http10 = new() { AcceptHttp10 = true };

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n", false, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n", true, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, close\r\n\r\n", true, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: h\r\n\r\n", true, "HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n", false, "HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n")]
    public void Exchange_Over_ClosesAsTheRequestSays(string request, bool closes, string response)
    {
        Http1ServerHarness server = new Http1ServerHarness(s_http10).AnswerAtOnce();

        Assert.Null(server.Feed(request));

        Assert.Equal(closes, server.Codec.WantsClose);
        Assert.Equal(response, server.Transport.TakeOutputText());
    }

    [Fact]
    public void Http10_BodyWithoutLength_EndsWithTheConnection()
    {
        var server = new Http1ServerHarness(s_http10);
        server.Feed("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "body"u8, endStream: true);

        Assert.Equal("HTTP/1.0 200 OK\r\nconnection: close\r\n\r\nbody", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void Response_SaysClose_ConnectionCloses()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "connection: close", "content-length: 0"), endStream: true);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void ShutdownNotice_NextResponse_SaysClose()
    {
        Http1ServerHarness server = new Http1ServerHarness().AnswerAtOnce();
        server.Codec.ShutdownNotice();
        Assert.False(server.Codec.WantsClose);

        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.EndsWith("connection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
        Assert.Single(server.Owner.Streams);
    }

    [Fact]
    public void EarlyResponse_RequestUnread_ClosesAndIgnoresTheRest()
    {
        var server = new Http1ServerHarness();
        server.Owner.WhenNewStream = stream => stream.WhenHeaders = (s, _) => Http1ServerHarness.Answer(s.Sender!);

        server.Feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\n");
        server.Feed("Host: h\r\n\r\n");

        Assert.Single(server.Owner.Streams);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.True(server.Codec.WantsClose);
        Assert.EndsWith("connection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.Equal(["headers"], server.Last.Events);
    }

    [Fact]
    public void Reset_BySender_StreamAndConnectionEnd()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Last.Sender!.Reset(StreamResetReason.LocalReset);

        Assert.True(server.Codec.WantsClose);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.Equal(["headers+end"], server.Last.Events);
    }

    [Fact]
    public void PeerEnds_InTheMiddleOfARequest_StreamIsReset()
    {
        var server = new Http1ServerHarness();
        server.Feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");

        server.Codec.OnEndOfStream();

        Assert.Equal(["headers", "data(2)", "reset(ConnectionTermination)"], server.Last.Events);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void PeerEnds_AfterAWholeRequest_ResponseIsStillSent()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Codec.OnEndOfStream();
        Http1ServerHarness.Answer(server.Last.Sender!);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.Equal(["headers+end"], server.Last.Events);
    }

    [Fact]
    public void ConnectionClosed_WithOpenStream_ReceiverIsTold()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);

        Assert.Equal(["headers+end", "reset(ConnectionTermination)"], server.Last.Events);
        Assert.Equal(0, server.Codec.ActiveStreams);
    }
}
