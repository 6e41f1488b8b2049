using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class RequestHeadTests
{
    [Fact]
    public void Request_OriginForm_PseudoHeadersAndLowerCaseNames()
    {
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed("GET /a?b=c HTTP/1.1\r\nHOST: example.com\r\nX-Custom-Name:  Value Kept\t \r\nAccept:*/*\r\n\r\n"));

        Assert.Equal(
            ":method: GET\n:path: /a?b=c\n:scheme: http\n:authority: example.com\nx-custom-name: Value Kept\naccept: */*\n", server.LastHead);
        Assert.Equal(["headers+end"], server.Last.Events);
        Assert.Equal(HttpProtocol.Http11, server.Codec.Protocol);
    }

    [Theory]
    [InlineData("GET http://h.com/p?q HTTP/1.1\r\nHost: other\r\n\r\n", ":method: GET\n:authority: h.com\n:path: /p?q\n:scheme: http\n")]
    [InlineData("GET HTTPS://h.com:8443 HTTP/1.1\r\nHost: other\r\n\r\n", ":method: GET\n:authority: h.com:8443\n:path: /\n:scheme: https\n")]
    [InlineData("GET http://h.com?q HTTP/1.1\r\n\r\n", ":method: GET\n:authority: h.com\n:path: /?q\n:scheme: http\n")]
    [InlineData("OPTIONS http://h.com HTTP/1.1\r\nHost: h\r\n\r\n", ":method: OPTIONS\n:authority: h.com\n:path: *\n:scheme: http\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", ":method: OPTIONS\n:path: *\n:scheme: http\n:authority: h\n")]
    [InlineData("CONNECT h.com:443 HTTP/1.1\r\nHost: h.com:443\r\n\r\n", ":method: CONNECT\n:authority: h.com:443\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", ":method: GET\n:path: /\n:scheme: http\n:authority: [2001:db8::1]:80\n")]
    public void Request_EachTargetForm_BecomesPseudoHeaders(string request, string expected)
    {
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed(request));

        Assert.Equal(expected, server.LastHead);
    }

    [Fact]
    public void Request_OnTls_SchemeIsHttps()
    {
        var server = new Http1ServerHarness(new Http1Settings { IsTls = true });

        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.Equal("https"u8, server.Last.Headers.Scheme);
    }

    [Fact]
    public void Request_EmptyLinesInFront_AreSkipped()
    {
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"));

        Assert.True(server.Last.Complete);
    }

    [Fact]
    public void Request_SameContentLengthTwice_IsCollapsed()
    {
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab"));

        Assert.Equal(":method: POST\n:path: /\n:scheme: http\n:authority: h\ncontent-length: 2\n", server.LastHead);
        Assert.Equal("ab", server.Last.BodyText);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Request_NamesAndValuesAroundVectorWidth_AreKeptWhole(int length)
    {
        string name = new string('N', length);
        string value = new string('v', length);
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed($"GET / HTTP/1.1\r\nHost: h\r\n{name}: {value}\r\n\r\n"));

        Assert.EndsWith($"{new string('n', length)}: {value}\n", server.LastHead);
    }

    [Fact]
    public void Request_ObsTextAndTabInValue_AreKept()
    {
        var server = new Http1ServerHarness();

        Assert.Null(server.Feed("GET / HTTP/1.1\r\nHost: h\r\nx: \u00e9\ta\u00ff\r\n\r\n"));

        Assert.EndsWith("x: \u00e9\ta\u00ff\n", server.LastHead);
    }

    [Fact]
    public void Request_LastLineAtTheEndOfItsSlab_IsReadWithoutOverrun()
    {
        // The parser's vectors may not touch bytes behind the slab.
        string head = "GET / HTTP/1.1\r\nHost: h\r\n";
        string filler = string.Concat(System.Linq.Enumerable.Repeat("f: " + new string('x', 995) + "\r\n", 60));
        int rest = Core.Buffers.SlabPool.ReceiveSlabBytes - head.Length - filler.Length - "last: \r\n\r\n".Length;
        var server = new Http1ServerHarness(new Http1Settings { MaxHeadersKb = 64 });

        Assert.Null(server.Feed($"{head}{filler}last: {new string('z', rest)}\r\n\r\n"));

        Assert.True(server.Last.Complete);
        Assert.Equal(rest, server.Last.Headers.TryGet("last"u8, out var value) ? value.Length : -1);
    }

    [Fact]
    public void Http10_Accepted_UsesDefaultHost()
    {
        var server = new Http1ServerHarness(new Http1Settings { AcceptHttp10 = true, DefaultHostForHttp10 = "fallback"u8.ToArray() });

        Assert.Null(server.Feed("GET / HTTP/1.0\r\n\r\n"));

        Assert.Equal("fallback"u8, server.Last.Headers.Authority);
        Assert.Equal(HttpProtocol.Http10, server.Codec.Protocol);
    }

    [Fact]
    public void CustomMethod_Allowed_IsTaken()
    {
        var server = new Http1ServerHarness(new Http1Settings { AllowCustomMethods = true });

        Assert.Null(server.Feed("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"));

        Assert.Equal("BREW"u8, server.Last.Headers.Method);
    }

    [Fact]
    public void Underscores_Drop_LeavesTheFieldOut()
    {
        var server = new Http1ServerHarness(new Http1Settings { UnderscoresAction = HeadersWithUnderscoresAction.DropHeader });

        Assert.Null(server.Feed("GET / HTTP/1.1\r\nHost: h\r\nx_y: 1\r\nx-z: 2\r\n\r\n"));

        Assert.EndsWith(":authority: h\nx-z: 2\n", server.LastHead);
    }

    [Fact]
    public void Underscores_Reject_400()
    {
        var server = new Http1ServerHarness(new Http1Settings { UnderscoresAction = HeadersWithUnderscoresAction.RejectRequest });

        ErrorDetail? error = server.Feed("GET / HTTP/1.1\r\nHost: h\r\nx_y: 1\r\n\r\n");

        Assert.Equal("http1.unexpected_underscore", error?.Details);
    }

    [Fact]
    public void ChunkedWithLength_AllowedByConfiguration_LengthIsDropped()
    {
        var server = new Http1ServerHarness(new Http1Settings { AllowChunkedLength = true });

        Assert.Null(server.Feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"));

        Assert.DoesNotContain("content-length", server.LastHead);
        Assert.Equal("ab", server.Last.BodyText);
    }
}
