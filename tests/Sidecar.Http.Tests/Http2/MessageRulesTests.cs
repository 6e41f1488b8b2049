using System;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Messages (RFC 9113 section 8): malformed ones end the connection by default, or their stream when so configured.</summary>
public class MessageRulesTests
{
    private const string Field = "http2.invalid.header.field";
    private const string Rule = "http2.violation.of.messaging.rule";

    [Theory]
    [InlineData(Rule, ":scheme: http|:path: /")]
    [InlineData(Rule, ":method: GET|:path: /")]
    [InlineData(Rule, ":method: GET|:scheme: http")]
    [InlineData(Rule, "")]
    [InlineData(Rule, ":method: GET|:method: GET|:scheme: http|:path: /")]
    [InlineData(Rule, ":method: GET|:scheme: http|:path: /|:status: 200")]
    [InlineData(Rule, ":method: GET|:scheme: http|accept: a|:path: /")]
    [InlineData(Rule, ":method: GET|:scheme: http|:path: /|:protocol: websocket")]
    [InlineData(Rule, ":method: CONNECT|:scheme: http|:path: /|:authority: a")]
    [InlineData(Rule, ":method: CONNECT")]
    [InlineData(Rule, ":method: CONNECT|:protocol: websocket|:scheme: http|:path: /|:authority: a")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|:unknown: x")]
    [InlineData(Field, ":method: GET|:scheme: http|:path:")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /a b")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /a\tb")]
    [InlineData(Field, ":method: G T|:scheme: http|:path: /")]
    [InlineData(Field, ":method:|:scheme: http|:path: /")]
    [InlineData(Field, ":method: GET|:scheme: ht tp|:path: /")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|:authority: a/b")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|host: a b")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|host: a|host: b")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|Accept: a")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|x y: a")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|x: a\nb")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|x: a\rb")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|x: a\0b")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|x: a ")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|connection: close")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|keep-alive: 5")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|proxy-connection: x")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|transfer-encoding: chunked")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|upgrade: h2c")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|te: gzip")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|content-length: 1x")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|content-length: -1")]
    [InlineData(Field, ":method: GET|:scheme: http|:path: /|content-length: 0|content-length: 0")]
    [InlineData(Rule, ":method: GET|:scheme: http|:path: /|content-length: 3")]
    public void Request_Malformed_ConnectionErrorOrStreamError(string details, string request)
    {
        string[] lines = request.Split('|', StringSplitOptions.RemoveEmptyEntries);
        ServerHarness strict = ServerHarness.Started();
        Assert.Equal(details, strict.Feed(new Http2Script().Headers(1, true, lines))?.Details);
        Assert.Equal("GOAWAY 1 ProtocolError", strict.Written()[^1]);
        Assert.Equal(1, strict.Stats.Get(Http2Stat.RxMessagingError));
        Assert.DoesNotContain("headers", string.Join(' ', strict.Owner.Last.Events), StringComparison.Ordinal);

        ServerHarness lenient = ServerHarness.Started(new Http2Settings { StreamErrorOnInvalidMessage = true });
        Assert.Null(lenient.Feed(new Http2Script().Headers(1, true, lines).Get(3)));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], lenient.Written());
        Assert.Equal(details, lenient.Owner.Streams[0].ResetDetail?.Details);
        Assert.Equal(StreamResetReason.ProtocolError, lenient.Owner.Streams[0].ResetReason);
        Assert.True(lenient.Owner.Streams[1].Complete);
    }

    [Fact]
    public void Name_OfNoLength_Invalid()
    {
        ServerHarness server = ServerHarness.Started();
        byte[] block = [.. Http2Script.Block(":method: GET", ":scheme: http", ":path: /"), 0, 0, 1, (byte)'x'];
        Assert.Equal(Field, server.Feed(new Http2Script().Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, block))?.Details);
    }

    [Theory]
    [InlineData(":method: GET|:scheme: http|:path: /|te: trailers|x-utf: \u00e9|x-empty:")]
    [InlineData(":method: OPTIONS|:scheme: https|:path: *|:authority: a.b:80")]
    [InlineData(":method: CONNECT|:authority: host:443")]
    [InlineData(":path: /|:scheme: http|:method: GET|x_y: underscore")]
    public void Request_Unusual_ButWellFormed(string request)
    {
        ServerHarness server = ServerHarness.Started();
        string[] lines = request.Split('|');
        Assert.Null(server.Feed(new Http2Script().Headers(1, true, lines)));
        Assert.Equal(lines.Length, server.Owner.Last.Headers.Count);
        Assert.True(server.Owner.Last.Complete);
    }

    [Fact]
    public void InvalidField_FromTheDynamicTable_IsInvalidAgain()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { StreamErrorOnInvalidMessage = true });
        byte[] start = Http2Script.Block(":method: GET", ":scheme: http", ":path: /");
        server.Feed(new Http2Script()
            .Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [.. start, 0x40, 1, (byte)'X', 1, (byte)'v'])
            .Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, [.. start, 0xbe])
            .Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 5, [.. start, 0x7e, 1, (byte)'w']));
        Assert.Equal(["RST_STREAM 1 ProtocolError", "RST_STREAM 3 ProtocolError", "RST_STREAM 5 ProtocolError"], server.Written());
    }

    [Fact]
    public void CookieCrumbs_AreJoined()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1, "cookie: a=1", "accept: x", "cookie: b=2", "cookie: c=3"));
        HeaderMap headers = server.Owner.Last.Headers;
        Assert.Equal("a=1; b=2; c=3"u8.ToArray(), headers.Get(HeaderId.Cookie).ToArray());
        Assert.Equal(6, headers.Count);
    }

    [Fact]
    public void Host_WithoutAuthority_BecomesIt()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Headers(1, true, ":method: GET", ":scheme: http", ":path: /", "host: a.example"));
        Assert.Equal("a.example"u8.ToArray(), server.Owner.Last.Headers.Authority.ToArray());
        Assert.False(server.Owner.Last.Headers.Has(HeaderId.Host));
    }

    [Fact]
    public void Host_BesideAuthority_IsDropped()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1, "host: other"));
        Assert.Equal("test"u8.ToArray(), server.Owner.Last.Headers.Authority.ToArray());
        Assert.False(server.Owner.Last.Headers.Has(HeaderId.Host));
    }

    [Theory]
    [InlineData("5", "hello", true)]
    [InlineData("6", "hello", false)]
    [InlineData("4", "hello", false)]
    public void ContentLength_AgainstTheBody(string length, string body, bool good)
    {
        ServerHarness server = ServerHarness.Started();
        string? details = server.Feed(new Http2Script().Post(1, "content-length: " + length).Data(1, body, endStream: true))?.Details;
        Assert.Equal(good ? null : Rule, details);
        Assert.Equal(good, server.Owner.Last.Complete);
    }

    [Fact]
    public void ContentLength_CutShortByTrailers_Violation()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Equal(Rule, server.Feed(new Http2Script().Post(1, "content-length: 9").Data(1, "x").Headers(1, true, "a: b"))?.Details);
    }

    [Theory]
    [InlineData(false, "a: b", Rule)]
    [InlineData(true, ":path: /", Rule)]
    [InlineData(true, "connection: x", Field)]
    public void Trailers_Malformed_Violation(bool endStream, string line, string details)
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Equal(details, server.Feed(new Http2Script().Post(1).Headers(1, endStream, line))?.Details);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Headers_BeyondTheLimits_ResetTheStreamOnly(bool tooMany)
    {
        var settings = new Http2Settings { MaxHeadersBytes = 500, MaxHeadersCount = 10 };
        ServerHarness server = ServerHarness.Started(settings);
        string[] more = tooMany ? ["a: 1", "b: 1", "c: 1", "d: 1", "e: 1", "f: 1", "g: 1"] : ["big: " + new string('x', 480)];
        Assert.Null(server.Feed(new Http2Script().Get(1, more).Get(3)));
        Assert.Equal(["RST_STREAM 1 InternalError"], server.Written());
        Assert.Equal("http2.too_many_headers", server.Owner.Streams[0].ResetDetail?.Details);
        Assert.Equal(1, server.Stats.Get(Http2Stat.HeaderOverflow));
        Assert.True(server.Owner.Streams[1].Complete);
    }

    [Fact]
    public void Underscores_Rejected_ResetTheStream()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { UnderscoresAction = HeadersWithUnderscoresAction.RejectRequest });
        Assert.Null(server.Feed(new Http2Script().Get(1, "a_b: 1").Get(3)));
        Assert.Equal("http2.unexpected_underscore", server.Owner.Streams[0].ResetDetail?.Details);
        Assert.Equal(1, server.Stats.Get(Http2Stat.RequestsRejectedWithUnderscoresInHeaders));
        Assert.True(server.Owner.Streams[1].Complete);
    }

    [Fact]
    public void Underscores_Dropped_TheRestIsKept()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { UnderscoresAction = HeadersWithUnderscoresAction.DropHeader });
        Assert.Null(server.Feed(new Http2Script().Get(1, "a_b: 1", "c: 2")));
        Assert.EndsWith(":authority: test\nc: 2\n", RecordingReceiver.Text(server.Owner.Last.Headers), StringComparison.Ordinal);
        Assert.Equal(1, server.Stats.Get(Http2Stat.DroppedHeadersWithUnderscores));
    }

    [Theory]
    [InlineData(":status: 20")]
    [InlineData(":status: 2000")]
    [InlineData(":status: 099")]
    [InlineData("server: x")]
    [InlineData(":status: 101")]
    [InlineData(":status: 200|:path: /")]
    [InlineData(":status: 200|:status: 200")]
    [InlineData(":status: 200|content-length: 5")]
    public void Response_Malformed_ConnectionError(string response)
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request();
        Assert.NotNull(client.Feed(new Http2Script().Headers(1, true, response.Split('|'))));
        Assert.Empty(stream.Events);
    }

    [Theory]
    [InlineData("HEAD", "200", true)]
    [InlineData("GET", "304", true)]
    [InlineData("GET", "204", true)]
    [InlineData("GET", "200", false)]
    public void Response_ContentLengthWithoutBody(string method, string status, bool good)
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request(method);
        Assert.Equal(good, client.Feed(new Http2Script().Headers(1, true, ":status: " + status, "content-length: 10")) is null);
        Assert.Equal(good, stream.Complete);
    }

    [Fact]
    public void Response_BodyToHead_Violation()
    {
        ClientHarness client = ClientHarness.Started();
        client.Request("HEAD");
        Assert.Equal(Rule, client.Feed(new Http2Script().Headers(1, false, ":status: 200").Data(1, "x"))?.Details);
    }

    [Fact]
    public void Response_DataBeforeHeaders_Violation()
    {
        ClientHarness client = ClientHarness.Started();
        client.Request();
        Assert.Equal(Rule, client.Feed(new Http2Script().Data(1, "x"))?.Details);
    }
}
