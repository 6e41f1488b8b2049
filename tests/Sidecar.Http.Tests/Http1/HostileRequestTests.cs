using Sidecar.Core.Errors;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

/// <summary>Each broken request is refused with its code, nothing of it is forwarded, and the connection takes nothing more.</summary>
public class HostileRequestTests
{
    private const string Start = "GET / HTTP/1.1\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: h\r\n";

    [Theory]
    [InlineData("\u0016\u0003\u0001\u0002\u0000", 400, "http1.codec_error")]
    [InlineData(" GET / HTTP/1.1\r\n", 400, "http1.codec_error")]
    [InlineData("BREW / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("get / HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("GET  / HTTP/1.1\r\n", 400, "http1.invalid_url")]
    [InlineData("GET /a b HTTP/1.1\r\n", 400, "http1.codec_error")]
    [InlineData("GET /a\u0000b HTTP/1.1\r\n", 400, "http1.invalid_url")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\n", 400, "http1.invalid_url")]
    [InlineData("GET /\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("GET / HTTP/1.1\nHost: h\n\n      ", 400, "http1.codec_error")]
    [InlineData("GET / http/1.1\r\nHost: h\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("GET / HTTP/1.1 \r\nHost: h\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, "http1.codec_error")]
    [InlineData("GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505, "http1.codec_error")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", 426, "low_version")]
    [InlineData("GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("GET foo HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("GET http:/// HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("GET http://user@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("CONNECT h HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("CONNECT /p HTTP/1.1\r\nHost: h\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("CONNECT h:1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n", 400, "http1.content_length_not_allowed")]
    [InlineData("CONNECT h:1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "http1.transfer_encoding_not_allowed")]
    public void RequestLine_Broken_Refused(string request, int status, string details) => AssertRefused(request, status, details);

    [Theory]
    [InlineData("\r\n", 400, "missing_host_header")]
    [InlineData("Host:\r\n\r\n", 400, "missing_host_header")]
    [InlineData("Host: a\r\nHost: a\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Host: a b\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: a/b\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: a@b\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: a:b\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: a:1:2\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: a:70000\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: [::1\r\n\r\n", 400, "http1.invalid_url")]
    [InlineData("Host: [::g]\r\n\r\n", 400, "http1.invalid_url")]
    public void Host_Invalid_Refused(string fields, int status, string details) => AssertRefused(Start + fields, status, details);

    [Theory]
    [InlineData("a : b\r\n", 400, "http1.codec_error")]
    [InlineData(": b\r\n", 400, "http1.codec_error")]
    [InlineData(":path: /evil\r\n", 400, "http1.codec_error")]
    [InlineData("a\r\n", 400, "http1.codec_error")]
    [InlineData("a b: c\r\n", 400, "http1.codec_error")]
    [InlineData("a\u00e9: c\r\n", 400, "http1.codec_error")]
    [InlineData("a: b\r\n c\r\n", 400, "http1.codec_error")]
    [InlineData("a: b\r\n\tc\r\n", 400, "http1.codec_error")]
    [InlineData("a: b\nc: d\r\n", 400, "http1.codec_error")]
    [InlineData("a: b\rc: d\r\n", 400, "http1.codec_error")]
    [InlineData("a: b\u0000\r\n", 400, "http1.invalid_characters")]
    [InlineData("a: b\u007f\r\n", 400, "http1.invalid_characters")]
    [InlineData("a: b\u0001c\r\n", 400, "http1.invalid_characters")]
    [InlineData("Connection: a b\r\n", 400, "http1.connection_header_rejected")]
    [InlineData("Connection: close, \"x\"\r\n", 400, "http1.connection_header_rejected")]
    public void FieldLine_Broken_Refused(string line, int status, string details) =>
        AssertRefused(Start + "Host: h\r\n" + line + "\r\n", status, details);

    [Theory]
    [InlineData("Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: 1, 1\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: +1\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: -1\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: 0x1\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: 1 1\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length:\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "http1.content_length_and_chunked_not_allowed")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400, "http1.content_length_and_chunked_not_allowed")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400, "http1.content_length_and_chunked_not_allowed")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding: chunked, chunked\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding: identity\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding: \"chunked\"\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding:\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501, "http1.invalid_transfer_encoding")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n", 400, "http1.codec_error")]
    [InlineData("Transfer-Encoding:\u000bchunked\r\n\r\n", 400, "http1.invalid_characters")]
    public void Framing_AmbiguousOrBroken_Refused(string fields, int status, string details) => AssertRefused(Post + fields, status, details);

    [Fact]
    public void Http10_TransferEncoding_Refused()
    {
        var server = new Http1ServerHarness(new Http1Settings { AcceptHttp10 = true });

        ErrorDetail? error = server.Feed("POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        Assert.Equal("http1.transfer_encoding_not_allowed", error?.Details);
    }

    [Theory]
    [InlineData("g\r\n")]
    [InlineData("\r\n")]
    [InlineData(";x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x1\r\n")]
    [InlineData("1 \r\na\r\n")]
    [InlineData(" 1\r\na\r\n")]
    [InlineData("1\na\r\n")]
    [InlineData("1\r\rna")]
    [InlineData("1\r\nab\r\n")]
    [InlineData("1\r\na\n0\r\n\r\n")]
    [InlineData("1\r\na\r\r")]
    [InlineData("1;a\nb\r\na\r\n")]
    [InlineData("1;a\u0000\r\na\r\n")]
    [InlineData("1000000000000000\r\n")]
    [InlineData("ffffffffffffffff\r\n")]
    [InlineData("00000000000000001\r\na\r\n")]
    [InlineData("0\r\n\n")]
    [InlineData("0\r\nbad line\r\n\r\n")]
    [InlineData("0\r\na : b\r\n\r\n")]
    public void ChunkedBody_Broken_Refused(string body)
    {
        var server = new Http1ServerHarness();

        ErrorDetail? error = server.Feed(Post + "Transfer-Encoding: chunked\r\n\r\n" + body);

        Assert.Equal("http1.codec_error", error?.Details);
        Assert.False(server.Last.Complete);
        Assert.Null(server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.Single(server.Owner.Streams);
    }

    [Fact]
    public void ChunkExtensions_Flood_Refused()
    {
        var server = new Http1ServerHarness();
        server.Feed(Post + "Transfer-Encoding: chunked\r\n\r\n");
        ErrorDetail? error = null;

        for (int i = 0; i < 40 && error is null; i++)
        {
            error = server.Feed("1;" + new string('e', 1000) + "\r\na\r\n");
        }

        Assert.Equal("http1.codec_error", error?.Details);
    }

    [Fact]
    public void Head_OverItsLimit_431()
    {
        AssertRefused(Start + "Host: h\r\na: " + new string('x', 61_500) + "\r\n\r\n", 431, "http1.headers_too_large");
    }

    [Fact]
    public void Head_LineWithoutEnd_431AtTheLimit()
    {
        var server = new Http1ServerHarness(new Http1Settings { MaxHeadersKb = 20 });
        Assert.Null(server.Feed(Start + "a: "));
        ErrorDetail? error = null;

        for (int fed = 0; error is null; fed++)
        {
            Assert.True(fed < 21_000, "the limit must stop it");
            error = server.Feed("x");
        }

        Assert.Equal(431, error.HttpStatus);
    }

    [Fact]
    public void Head_UrlOverTheLimit_431() => AssertRefused("GET /" + new string('u', 62_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", 431, "http1.headers_too_large");

    [Fact]
    public void Head_TooManyFields_431()
    {
        string fields = string.Concat(System.Linq.Enumerable.Repeat("a: b\r\n", 101));

        AssertRefused(Start + fields + "Host: h\r\n\r\n", 431, "http1.too_many_headers");
    }

    [Fact]
    public void AbsoluteForm_NotAllowed_Refused()
    {
        var server = new Http1ServerHarness(new Http1Settings { AllowAbsoluteUrl = false });

        Assert.Equal("http1.invalid_url", server.Feed("GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n")?.Details);
    }

    [Fact]
    public void LeadingEmptyLines_Flood_Refused()
    {
        var server = new Http1ServerHarness();

        Assert.NotNull(server.Feed(string.Concat(System.Linq.Enumerable.Repeat("\r\n", 50))));
    }

    [Fact]
    public void Refused_LocalReply_SaysCloseAndConnectionWantsClose()
    {
        var server = new Http1ServerHarness();
        server.Feed("garbage\u0000");

        server.Last.Sender!.EncodeHeaders(Http1ServerHarness.Response("400", "content-length: 0"), endStream: true);

        Assert.Equal("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", server.Transport.TakeOutputText());
        Assert.True(server.Codec.WantsClose);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.Equal(0, server.Codec.ActiveStreams);
    }

    private static void AssertRefused(string request, int status, string details)
    {
        var server = new Http1ServerHarness();

        ErrorDetail? error = server.Feed(request);

        Assert.NotNull(error);
        Assert.Equal((status, details), (error.HttpStatus, error.Details));
        Assert.Equal((ErrorScope.Connection, ResponseFlags.DownstreamProtocolError), (error.Scope, error.Flag));
        Assert.Single(server.Owner.Streams);
        Assert.Empty(server.Last.Events);
        Assert.True(server.Codec.WantsClose);
        Assert.Null(server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.Single(server.Owner.Streams);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
    }
}
