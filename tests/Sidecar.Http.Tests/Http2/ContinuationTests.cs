using System;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

public class ContinuationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void Block_InPieces_IsOneBlock(int pieceBytes)
    {
        ServerHarness server = ServerHarness.Started();
        byte[] block = Http2Script.Block(":method: GET", ":scheme: http", ":path: /", ":authority: test", "x-long: " + new string('v', 40));
        pieceBytes = Math.Max(pieceBytes, (block.Length + 9) / 10);
        var script = new Http2Script();
        for (int at = 0; at < block.Length; at += pieceBytes)
        {
            int length = Math.Min(pieceBytes, block.Length - at);
            FrameFlags flags = at + length == block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            flags |= at == 0 ? FrameFlags.EndStream : FrameFlags.None;
            script.Frame(at == 0 ? FrameType.Headers : FrameType.Continuation, flags, 1, block[at..(at + length)]);
        }

        Assert.Null(server.Feed(script));
        Assert.Equal(["headers+end"], server.Owner.Last.Events);
        Assert.Equal(5, server.Owner.Last.Headers.Count);
    }

    [Fact]
    public void Trailers_InPieces_KeepTheEndOfStream()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1)
            .Frame(FrameType.Headers, FrameFlags.EndStream, 1, 0, 1)
            .Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, (byte)'a', 1, (byte)'b')));
        Assert.Equal(["headers", "trailers"], server.Owner.Last.Events);
    }

    [Fact]
    public void Frames_WithoutEnd_AreAFlood()
    {
        ServerHarness server = ServerHarness.Started();
        var script = new Http2Script().Frame(FrameType.Headers, FrameFlags.None, 1, 0x82);
        for (int i = 0; i < 200; i++)
        {
            script.Frame(FrameType.Continuation, FrameFlags.None, 1, 0x82);
        }

        Assert.Same(Http2Errors.ContinuationFlood, server.Feed(script));
        Assert.Equal("GOAWAY 0 EnhanceYourCalm", server.Written()[^1]);
    }

    [Fact]
    public void Bytes_WithoutEnd_AreAFlood()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxHeadersBytes = 1024 });
        var script = new Http2Script().Frame(FrameType.Headers, FrameFlags.None, 1, new byte[16_000]);
        script.Frame(FrameType.Continuation, FrameFlags.None, 1, new byte[2_000]);
        Assert.Same(Http2Errors.ContinuationFlood, server.Feed(script));
        server.Codec.OnConnectionClosed(Sidecar.Http.Codec.StreamResetReason.ConnectionTermination);
        server.Transport.TakeOutput();
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
    }

    [Fact]
    public void Response_LargerThanAFrame_GoesOutInPieces()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1));
        string value = new('~', 20_000);
        server.Owner.Last.Sender!.EncodeHeaders(HpackText.Map(":status: 200", "x-long: " + value), endStream: true);
        System.Collections.Generic.List<string> written = server.Written();
        Assert.Equal(2, written.Count);
        Assert.Equal("HEADERS 1 end ...", written[0]);
        Assert.Equal($"CONTINUATION 1 | :status: 200, x-long: {value}", written[1]);
    }
}
