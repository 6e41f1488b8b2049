using Sidecar.Http.Codec;

namespace Sidecar.Http.Tests.Http1;

public class BackPressureTests
{
    [Fact]
    public void ReadDisable_IsCountedAndReleasedWithTheStream()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        StreamSender sender = server.Last.Sender!;

        sender.ReadDisable(true);
        sender.ReadDisable(true);
        sender.ReadDisable(false);
        Assert.Equal(1, server.Transport.ReadDisableCount);
        Http1ServerHarness.Answer(sender);

        Assert.Equal(0, server.Transport.ReadDisableCount);
    }

    [Fact]
    public void TransportWatermark_Server_IsToldToTheStream()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        server.Codec.OnTransportWatermark(above: true);
        server.Codec.OnTransportWatermark(above: false);

        Assert.Equal(["headers+end", "above", "below"], server.Last.Events);
    }

    [Fact]
    public void TransportWatermark_Client_IsToldToTheStreamAndToTheNextOne()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send("POST", endStream: false);
        client.Codec.OnTransportWatermark(above: true);
        Assert.Equal(["above"], client.Receiver.Events);
        client.Transport.EncodeData(client.Sender, default, endStream: true);
        client.Feed("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

        client.Send();

        Assert.Equal(["above"], client.Receiver.Events);
    }

    [Fact]
    public void BufferedBytes_IsWhatTheConnectionHasNotSent()
    {
        Http1ClientHarness client = new Http1ClientHarness().Send();

        Assert.Equal(client.Transport.Output.Length, client.Sender.BufferedBytes);
    }
}
