using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class ServerResponseTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public void Response_LengthBody_HeadAndBodyInOneSlice()
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 5", "x-a: b"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "hello"u8, endStream: true);

        Assert.Equal(1, server.Transport.Output.SliceCount);
        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-a: b\r\n\r\nhello", server.Transport.TakeOutputText());
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.False(server.Codec.WantsClose);
    }

    [Fact]
    public void Response_NoLength_IsChunked()
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "hello"u8, endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, new byte[20], endStream: true);

        Assert.Equal(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n14\r\n" + new string('\0', 20) + "\r\n0\r\n\r\n",
            server.Transport.TakeOutputText());
    }

    [Fact]
    public void Response_LargeSlice_GoesByReference()
    {
        Http1ServerHarness server = Begin(Get);
        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 40000"), endStream: false);
        int before = server.Transport.Memory.ReceiveSlabs.Outstanding;

        server.Transport.EncodeData(server.Last.Sender!, new byte[40_000], endStream: true);

        Assert.Equal(before + 1, server.Transport.Memory.ReceiveSlabs.Outstanding);
        Assert.EndsWith("\r\n\r\n" + new string('\0', 40_000), server.Transport.TakeOutputText());
        Assert.Equal(before, server.Transport.Memory.ReceiveSlabs.Outstanding);
    }

    [Fact]
    public void Response_FromChain_MovesEverything()
    {
        Http1ServerHarness server = Begin(Get);
        var chain = new BufferChain(server.Transport.Memory.Slabs);
        chain.Append(new byte[30_000]);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Last.Sender!.EncodeData(chain, endStream: true);

        Assert.True(chain.IsEmpty);
        Assert.EndsWith("\r\n\r\n7530\r\n" + new string('\0', 30_000) + "\r\n0\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Theory]
    [InlineData("200", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")]
    [InlineData("204", "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("304", "HTTP/1.1 304 Not Modified\r\n\r\n")]
    [InlineData("299", "HTTP/1.1 299 Unknown\r\n\r\n", "content-length: 0\r\n")]
    [InlineData("799", "HTTP/1.1 799 Unknown\r\n\r\n", "content-length: 0\r\n")]
    public void Response_HeadersOnly_StatusLineAndFraming(string status, string expected, string extra = "")
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response(status), endStream: true);

        int end = expected.Length - 2;
        Assert.Equal(expected[..end] + extra + "\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void HeadRequest_BodyGiven_OnlyHeadGoesOut()
    {
        Http1ServerHarness server = Begin("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 5"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "hello"u8, endStream: true);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Response_MoreThanItsLength_IsCutAndConnectionCloses()
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 3"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "abcHTTP/1.1 200 OK"u8, endStream: true);

        Assert.EndsWith("\r\n\r\nabc", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void Response_LessThanItsLength_ConnectionCloses()
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 3"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "ab"u8, endStream: true);

        Assert.True(server.Codec.WantsClose);
    }

    [Fact]
    public void Response_TransferEncodingAndPseudoHeadersInMap_AreNotWritten()
    {
        Http1ServerHarness server = Begin(Get);

        server.Last.Sender!.EncodeHeaders(
            Http1ServerHarness.Response("200", "transfer-encoding: chunked", "content-length: 0", ":path: /x"), endStream: true);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Response_RemovedHeaders_AreNotWritten()
    {
        Http1ServerHarness server = Begin(Get);
        HeaderMap map = Http1ServerHarness.Response("200", "a: 1", "server: x", "content-length: 0");
        map.Remove("a"u8);
        map.Remove(HeaderId.Server);

        server.Last.Sender!.EncodeHeaders(map, endStream: true);

        Assert.Equal("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Response_HeadLargerThanASlab_IsWrittenWhole()
    {
        Http1ServerHarness server = Begin(Get);
        string value = new('v', 20_000);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "content-length: 0", "big: " + value), endStream: true);

        Assert.Equal($"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nbig: {value}\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Response_ProperCase_CapitalisesWords()
    {
        Http1ServerHarness server = Begin(Get, new Http1Settings { HeaderCase = Http1HeaderCase.ProperCase });

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200", "x-b3-traceid: aB", "foo_bar: c", "content-length: 0"), endStream: true);

        Assert.Equal("HTTP/1.1 200 OK\r\nX-B3-Traceid: aB\r\nFoo_Bar: c\r\nContent-Length: 0\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void Informational_BeforeResponse_IsWritten()
    {
        Http1ServerHarness server = Begin("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");

        server.Last.Sender!.EncodeInformationalHeaders(Http1ServerHarness.Response("100"));
        server.Feed("ab");
        Http1ServerHarness.Answer(server.Last.Sender!);

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", server.Transport.TakeOutputText());
        Assert.False(server.Codec.WantsClose);
    }

    [Fact]
    public void Trailers_Enabled_FollowLastChunk()
    {
        Http1ServerHarness server = Begin(Get, new Http1Settings { EnableTrailers = true });
        var trailers = new HeaderMap();
        trailers.Add("x-sum"u8, "1"u8);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Transport.EncodeData(server.Last.Sender!, "a"u8, endStream: false);
        server.Last.Sender!.EncodeTrailers(trailers);

        Assert.EndsWith("1\r\na\r\n0\r\nx-sum: 1\r\n\r\n", server.Transport.TakeOutputText());
        Assert.Equal(1, server.Owner.ClosedStreams);
    }

    [Fact]
    public void Trailers_Disabled_AreDropped()
    {
        Http1ServerHarness server = Begin(Get);
        var trailers = new HeaderMap();
        trailers.Add("x-sum"u8, "1"u8);

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("200"), endStream: false);
        server.Last.Sender!.EncodeTrailers(trailers);

        Assert.EndsWith("\r\n\r\n0\r\n\r\n", server.Transport.TakeOutputText());
    }

    private static Http1ServerHarness Begin(string request, Http1Settings? settings = null)
    {
        var server = new Http1ServerHarness(settings);
        Assert.Null(server.Feed(request));
        Assert.True(server.Last.HeadersComplete, Encoding.ASCII.GetString(server.Transport.TakeOutput()));
        return server;
    }
}
