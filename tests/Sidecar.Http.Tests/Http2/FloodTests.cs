using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Envoy's protocol constraints, at and beyond each limit.</summary>
public class FloodTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void EmptyData_InARow(int frames, bool isFlood)
    {
        ServerHarness server = ServerHarness.Started();
        var script = new Http2Script().Post(1);
        for (int i = 0; i < frames; i++)
        {
            script.Data(1, string.Empty);
        }

        script.Data(1, "x", endStream: true);
        Assert.Equal(isFlood ? Http2Errors.EmptyFramesFlood : null, server.Feed(script));
        Assert.Equal(isFlood ? 1 : 0, server.Stats.Get(Http2Stat.InboundEmptyFramesFlood));
        Assert.Equal(isFlood ? "GOAWAY 1 EnhanceYourCalm" : null, server.Written()
            .Find(line => line.StartsWith("GOAWAY", System.StringComparison.Ordinal)));
    }

    [Fact]
    public void EmptyPaddedData_InARow_Flood()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Same(Http2Errors.EmptyFramesFlood, server.Feed(new Http2Script().Post(1).PaddedData(1, "", 9).PaddedData(1, "", 9)));
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(201, true)]
    public void Priority_PerStream(int frames, bool isFlood)
    {
        ServerHarness server = ServerHarness.Started();
        var script = new Http2Script().Post(1);
        for (int i = 0; i < frames; i++)
        {
            script.Priority(1);
        }

        Assert.Equal(isFlood ? Http2Errors.PriorityFlood : null, server.Feed(script));
        Assert.Equal(isFlood ? 1 : 0, server.Stats.Get(Http2Stat.InboundPriorityFramesFlood));
    }

    [Theory]
    [InlineData(27, false)]
    [InlineData(28, true)]
    public void WindowUpdate_PerStreamAndDataFrame(int frames, bool isFlood)
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1)));
        server.Owner.Last.Sender!.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        server.Transport.EncodeData(server.Owner.Last.Sender, "x"u8, endStream: false);
        var script = new Http2Script();
        for (int i = 0; i < frames; i++)
        {
            script.WindowUpdate(1, 1);
        }

        Assert.Equal(isFlood ? Http2Errors.WindowUpdateFlood : null, server.Feed(script));
        Assert.Equal(isFlood ? 1 : 0, server.Stats.Get(Http2Stat.InboundWindowUpdateFramesFlood));
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void Ping_WhileNothingIsSent(int frames, bool isFlood)
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxOutboundControlFrames = 50 });
        var script = new Http2Script();
        for (int i = 0; i < frames; i++)
        {
            script.Ping(1);
        }

        Assert.Equal(isFlood ? Http2Errors.OutboundControlFlood : null, server.Feed(script));
        Assert.Equal(isFlood ? 1 : 0, server.Stats.Get(Http2Stat.OutboundControlFlood));
    }

    [Fact]
    public void Ping_WhenRepliesLeave_IsNoFlood()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxOutboundControlFrames = 50 });
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Null(server.Feed(new Http2Script().Ping(1).Ping(2)));
            Assert.InRange(server.Stats.Get(Http2Stat.OutboundControlFramesActive), 1, 50);

            // The socket takes most of what waits, never all of it.
            server.Transport.Output.Drain(server.Transport.Output.Length - 5);
        }
    }

    [Fact]
    public void RefusedStreams_WhileNothingIsSent_Flood()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxConcurrentStreams = 1, MaxOutboundControlFrames = 20 });
        var script = new Http2Script();
        for (uint i = 0; i < 30; i++)
        {
            script.Post((2 * i) + 1);
        }

        Assert.Same(Http2Errors.OutboundControlFlood, server.Feed(script));
    }

    [Fact]
    public void OutboundFrames_WhileNothingIsSent_EndTheConnectionAtTheNextRead()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxOutboundFrames = 100 });
        server.Feed(new Http2Script().Get(1));
        StreamSender sender = server.Owner.Last.Sender!;
        sender.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        for (int i = 0; i < 101; i++)
        {
            server.Transport.EncodeData(sender, "x"u8, endStream: false);
        }

        Assert.Same(Http2Errors.OutboundFlood, server.Feed(new Http2Script().Ping(1)));
        Assert.Equal(1, server.Stats.Get(Http2Stat.OutboundFlood));
    }
}
