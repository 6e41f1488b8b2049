using System.Linq;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class ClientResponseTests
{
    [Theory]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab", "headers data(2)+end", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "headers+end", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "headers data(2)+end", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "headers data(0)+end", true)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", "headers+end", true)]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "headers+end", true)]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\n\r\n", "headers+end", true)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", "headers+end", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", "headers+end", false)]
    [InlineData("GET", "HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", "headers+end", false)]
    [InlineData("GET", "HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n", "headers+end", true)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\n", "headers+end", false)]
    [InlineData("GET", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab", "headers data(1)+end", false)]
    [InlineData("GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "informational headers+end", true)]
    public void Response_Whole_EventsAndReuse(string method, string response, string events, bool reusable)
    {
        Http1ClientHarness client = new Http1ClientHarness().Send(method);

        client.Feed(response);

        Assert.Equal(events, string.Join(' ', client.Receiver.Events));
        Assert.Equal(1, client.Owner.ClosedStreams);
        Assert.Equal(reusable, client.Owner.Reusable);
    }

    [Fact]
    public void Response_WithoutLength_EndsWithTheConnection()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();
        client.Feed("HTTP/1.1 200 OK\r\n\r\nabc");

        client.Codec.OnEndOfStream();

        Assert.Equal(["headers", "data(3)", "data(0)+end"], client.Receiver.Events);
        Assert.False(client.Owner.Reusable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab")]
    public void Response_CutByTheServer_IsReset(string response)
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();
        if (response.Length > 0)
        {
            client.Feed(response);
        }

        client.Codec.OnEndOfStream();

        Assert.Equal(StreamResetReason.ConnectionTermination, client.Receiver.ResetReason);
        Assert.False(client.Owner.Reusable);
        client.Transport.TakeOutput();
        Assert.Equal(0, client.Transport.Memory.Slabs.Outstanding);
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n    ", "http1.codec_error")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 200OK\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 200 O\u0000K\r\n\r\n", "http1.codec_error")]
    [InlineData("ICY 200 OK\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n", "http1.transfer_encoding_not_allowed")]
    [InlineData("HTTP/1.1 204 No Content\r\ncontent-length: 1\r\n\r\n", "http1.content_length_not_allowed")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", "http1.codec_error")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "http1.content_length_and_chunked_not_allowed")]
    [InlineData("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "http1.transfer_encoding_not_allowed")]
    [InlineData("HTTP/1.1 200 OK\r\na: b\r\n fold\r\n\r\n", "http1.codec_error")]
    public void Response_Broken_StreamIsResetWithTheDetail(string response, string details)
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();

        ErrorDetail? error = client.Feed(response);

        Assert.Equal(details, error?.Details);
        Assert.Equal(ResponseFlags.UpstreamProtocolError, error!.Flag);
        Assert.Equal(StreamResetReason.ProtocolError, client.Receiver.ResetReason);
        Assert.Same(error, client.Receiver.ResetDetail);
        Assert.False(client.Owner.Reusable);
    }

    [Fact]
    public void Response_BeforeTheRequestEnded_ConnectionIsSpent()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("POST", endStream: false);
        client.Feed("HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\n\r\n");
        Assert.Equal(0, client.Owner.ClosedStreams);

        client.Transport.EncodeData(client.Sender, "x"u8, endStream: true);

        Assert.Equal(1, client.Owner.ClosedStreams);
        Assert.False(client.Owner.Reusable);
    }

    [Fact]
    public void Response_Unsolicited_IsRefused()
    {
        var client = new Http1ClientHarness();

        Assert.NotNull(client.Feed("HTTP/1.1 408 Request Timeout\r\n\r\n"));
    }

    [Fact]
    public void Informational_Flood_IsRefused()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();

        ErrorDetail? error = client.Feed(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 65)));

        Assert.Equal("http1.codec_error", error?.Details);
    }

    [Fact]
    public void Upgrade_Accepted_BytesPassRaw()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("GET", false, "connection: upgrade", "upgrade: websocket");
        client.Transport.TakeOutput();

        client.Feed("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nraw");
        client.Transport.EncodeData(client.Sender, "up"u8, endStream: false);
        client.Codec.OnEndOfStream();
        client.Transport.EncodeData(client.Sender, default, endStream: true);

        Assert.Equal(["headers", "data(3)", "data(0)+end"], client.Receiver.Events);
        Assert.Equal("up", client.Transport.TakeOutputText());
        Assert.False(client.Owner.Reusable);
    }

    [Fact]
    public void Upgrade_Refused_IsAnOrdinaryResponse()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("GET", false, "connection: upgrade", "upgrade: websocket");

        client.Feed("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno");

        Assert.Equal(["headers", "data(2)+end"], client.Receiver.Events);
        Assert.Equal(1, client.Owner.ClosedStreams);
    }

    [Fact]
    public void Connect_Accepted_LengthIsNoBody()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("CONNECT", endStream: false);

        client.Feed("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nraw");

        Assert.Equal(["headers", "data(3)"], client.Receiver.Events);
    }

    [Fact]
    public void NextStream_OpenedInsideTheLastEvent_IsIndependent()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();
        client.Feed("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

        client.Send("HEAD").Feed("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");

        Assert.Equal(["headers+end"], client.Receiver.Events);
        Assert.Equal(2, client.Owner.ClosedStreams);
        Assert.True(client.Owner.Reusable);
    }

    [Fact]
    public void Reset_BySender_ConnectionIsSpentAndReceiverNotTold()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();

        client.Sender.Reset(StreamResetReason.LocalReset);

        Assert.Empty(client.Receiver.Events);
        Assert.Equal((1, false), (client.Owner.ClosedStreams, client.Owner.Reusable));
    }

    [Fact]
    public void Trailers_Enabled_AreDeliveredWithoutFramingFields()
    {
        Http1ClientHarness client = new Http1ClientHarness(new Http1Settings { EnableTrailers = true }).Send();

        client.Feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 9\r\nContent-Length: 4\r\nHost: evil\r\n\r\n");

        Assert.Equal(["headers", "data(1)", "trailers"], client.Receiver.Events);
        Assert.Equal("x-sum: 9\n", Sidecar.Testing.Codec.RecordingReceiver.Text(client.Receiver.Trailers));
        Assert.True(client.Owner.Reusable);
    }

    [Fact]
    public void Trailers_Disabled_AreDropped()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();

        client.Feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 9\r\n\r\n");

        Assert.Equal(["headers", "data(1)", "data(0)+end"], client.Receiver.Events);
        Assert.True(client.Receiver.Trailers.IsEmpty);
    }
}
