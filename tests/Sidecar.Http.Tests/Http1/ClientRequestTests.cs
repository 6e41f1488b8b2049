using Sidecar.Http.Headers;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class ClientRequestTests
{
    [Theory]
    [InlineData("GET", "GET / HTTP/1.1\r\nhost: a:80\r\n\r\n")]
    [InlineData("DELETE", "DELETE / HTTP/1.1\r\nhost: a:80\r\n\r\n")]
    [InlineData("POST", "POST / HTTP/1.1\r\nhost: a:80\r\ncontent-length: 0\r\n\r\n")]
    public void Request_HeadersOnly_LengthOnlyWhereABodyIsExpected(string method, string expected)
    {
        Http1ClientHarness client = new Http1ClientHarness().Send(method);

        Assert.Equal(expected, client.Transport.TakeOutputText());
    }

    [Fact]
    public void Request_BodyWithoutLength_IsChunked()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("POST", endStream: false);

        client.Transport.EncodeData(client.Sender, "hello"u8, endStream: true);

        Assert.Equal("POST / HTTP/1.1\r\nhost: a:80\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Request_HostBesideAuthority_IsWrittenOnce()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("GET", true, "host: evil");

        Assert.Equal("GET / HTTP/1.1\r\nhost: a:80\r\n\r\n", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Request_FullyQualified_HasAbsoluteForm()
    {
        Http1ClientHarness client = new Http1ClientHarness(new Http1Settings { SendFullyQualifiedUrl = true }).Send();

        Assert.Equal("GET http://a:80/ HTTP/1.1\r\nhost: a:80\r\n\r\n", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Request_ProperCase_CapitalisesHostToo()
    {
        Http1ClientHarness client = new Http1ClientHarness(new Http1Settings { HeaderCase = Http1HeaderCase.ProperCase }).Send("GET", true, "x-a: b:c");

        Assert.Equal("GET / HTTP/1.1\r\nHost: a:80\r\nX-A: b:c\r\n\r\n", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Connect_Request_HasAuthorityFormAndRawBody()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("CONNECT", endStream: false);

        client.Transport.EncodeData(client.Sender, "raw"u8, endStream: false);

        Assert.Equal("CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n\r\nraw", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Upgrade_Request_HasNoFraming()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("GET", false, "connection: upgrade", "upgrade: websocket");

        Assert.Equal("GET / HTTP/1.1\r\nhost: a:80\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n", client.Transport.TakeOutputText());
    }

    [Fact]
    public void Request_Trailers_FollowLastChunk()
    {
        Http1ClientHarness client = new Http1ClientHarness(new Http1Settings { EnableTrailers = true }).Send("POST", endStream: false);
        var trailers = new HeaderMap();
        trailers.Add("x-t"u8, "1"u8);

        client.Sender.EncodeTrailers(trailers);

        Assert.EndsWith("0\r\nx-t: 1\r\n\r\n", client.Transport.TakeOutputText());
    }
}
