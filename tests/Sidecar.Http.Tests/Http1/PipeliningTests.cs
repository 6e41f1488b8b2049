using System.Linq;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Http.Tests.Http1;

public class PipeliningTests
{
    private const string One = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
    private const string Two = "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n";

    [Fact]
    public void NextRequest_WhileOneIsUnderWay_IsHeldUnparsed()
    {
        var server = new Http1ServerHarness();

        server.Feed(One + Two);

        Assert.Single(server.Owner.Streams);
        Assert.False(server.Owner.ResumeWanted);
    }

    [Fact]
    public void NextRequest_AfterTheResponse_ComesWithResume()
    {
        var server = new Http1ServerHarness();
        server.Feed(One + Two);

        Http1ServerHarness.Answer(server.Last.Sender!);
        Assert.True(server.Owner.ResumeWanted);
        Assert.Null(server.Codec.Resume());

        Assert.Equal(2, server.Owner.Streams.Count);
        Assert.Equal("/2"u8, server.Last.Headers.Path);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding - server.Transport.Output.SliceCount);
    }

    [Fact]
    public void Requests_AnsweredAtOnce_AreServedInOneCallWithoutResume()
    {
        Http1ServerHarness server = new Http1ServerHarness().AnswerAtOnce();

        server.Feed(One + Two + One);

        Assert.Equal(3, server.Owner.ClosedStreams);
        Assert.False(server.Owner.ResumeWanted);
        Assert.Equal(3u, server.Last.Sender!.StreamId);
    }

    [Fact]
    public void HeldInput_OverItsLimit_StopsReadingUntilResumed()
    {
        var server = new Http1ServerHarness(new Http1Settings { MaxHeldBytes = 100 });
        server.Feed(One + string.Concat(Enumerable.Repeat(Two, 10)));
        Assert.Equal(1, server.Transport.ReadDisableCount);

        while (server.Codec.ActiveStreams > 0)
        {
            Http1ServerHarness.Answer(server.Last.Sender!);
            server.Codec.Resume();
        }

        Assert.Equal(11, server.Owner.ClosedStreams);
        Assert.Equal(0, server.Transport.ReadDisableCount);
    }

    [Fact]
    public void HeldInput_BrokenRequest_ErrorComesFromResume()
    {
        var server = new Http1ServerHarness();
        server.Feed(One + "BAD\r\n\r\n");

        Http1ServerHarness.Answer(server.Last.Sender!);
        ErrorDetail? error = server.Codec.Resume();

        Assert.Equal("http1.codec_error", error?.Details);
        Assert.Equal(2, server.Owner.Streams.Count);
    }

    [Fact]
    public void HeldInput_PeerHasEnded_IsStillServed()
    {
        var server = new Http1ServerHarness();
        server.Feed(One + Two);
        server.Codec.OnEndOfStream();

        Http1ServerHarness.Answer(server.Last.Sender!);
        server.Codec.Resume();
        Http1ServerHarness.Answer(server.Last.Sender!);

        Assert.Equal(2, server.Owner.ClosedStreams);
        Assert.True(server.Codec.WantsClose);
        Assert.EndsWith("connection: close\r\n\r\n", server.Transport.TakeOutputText());
    }

    [Fact]
    public void HeldInput_ClosingResponse_IsDropped()
    {
        var server = new Http1ServerHarness();
        server.Feed("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + Two);

        Http1ServerHarness.Answer(server.Last.Sender!);
        server.Codec.Resume();
        server.Feed(Two);

        Assert.Single(server.Owner.Streams);
    }

    [Fact]
    public void AboveWatermark_NoRequestBegins_UntilDrained()
    {
        Http1ServerHarness server = new Http1ServerHarness().AnswerAtOnce();
        server.Codec.OnTransportWatermark(above: true);

        server.Feed(One);
        Assert.Empty(server.Owner.Streams);
        server.Codec.OnTransportWatermark(above: false);
        Assert.True(server.Owner.ResumeWanted);
        server.Codec.Resume();

        Assert.Equal(1, server.Owner.ClosedStreams);
    }

    [Fact]
    public void ConnectionClosed_WithHeldInput_ReturnsAllMemory()
    {
        var server = new Http1ServerHarness();
        server.Feed(One + Two + "GET /par");

        server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);

        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
    }

    [Fact]
    public void ConnectionClosed_InsideAnEvent_IsSurvived()
    {
        var server = new Http1ServerHarness();
        server.Owner.WhenNewStream = s => s.WhenHeaders = (_, _) => server.Codec.OnConnectionClosed(StreamResetReason.LocalReset);

        Assert.Null(server.Feed(One + Two));

        Assert.Single(server.Owner.Streams);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
    }
}
