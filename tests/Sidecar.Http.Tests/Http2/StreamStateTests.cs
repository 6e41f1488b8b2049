using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>The stream states of RFC 9113 section 5.1.</summary>
public class StreamStateTests
{
    [Fact]
    public void Request_WithBodyAndTrailers_Exchanged()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1).Data(1, "hello ").Data(1, "world").Headers(1, true, "x-sum: 7")));
        RecordingReceiver stream = server.Owner.Last;
        Assert.Equal(["headers", "data(6)", "data(5)", "trailers"], stream.Events);
        Assert.Equal("hello world", stream.BodyText);
        Assert.Equal("x-sum: 7\n", RecordingReceiver.Text(stream.Trailers));
        Assert.Equal(1, server.Stats.Get(Http2Stat.Trailers));
        Assert.Equal(1, server.Codec.ActiveStreams);

        stream.Sender!.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        server.Transport.EncodeData(stream.Sender, "bye"u8, endStream: false);
        stream.Sender.EncodeTrailers(HpackText.Map("grpc-status: 0"));
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 bye", "HEADERS 1 end | grpc-status: 0"], server.Written());
        Assert.Equal(0, server.Codec.ActiveStreams);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.Equal(0, server.Pool.Outstanding);
        Assert.Equal(0, server.Stats.Get(Http2Stat.StreamsActive));
    }

    [Fact]
    public void Response_FromInsideOnHeaders_OneFlush()
    {
        ServerHarness server = ServerHarness.Started();
        int flushes = server.Transport.OutputWrittenCalls;
        server.Owner.WhenNewStream = stream => stream.WhenHeaders = (s, _) => server.Respond(s, "ok");
        Assert.Null(server.Feed(new Http2Script().Get(1).Get(3).Get(5)));
        Assert.Equal(flushes + 1, server.Transport.OutputWrittenCalls);
        Assert.Equal(6, server.Written().Count);
        Assert.Equal(3, server.Owner.ClosedStreams);
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void Informational_BeforeTheResponse_Sent()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Post(1, "expect: 100-continue"));
        server.Owner.Last.Sender!.EncodeInformationalHeaders(HpackText.Map(":status: 100"));
        server.Respond(server.Owner.Last);
        Assert.Equal(["HEADERS 1 | :status: 100", "HEADERS 1 end | :status: 200"], server.Written());
    }

    [Fact]
    public void DATA_AfterEndStream_StreamClosed()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Get(1).Data(1, "late")));
        Assert.Equal("RST_STREAM 1 StreamClosed", server.Written()[^1]);
        Assert.Equal(StreamResetReason.ProtocolError, server.Owner.Last.ResetReason);
        Assert.Same(Http2Errors.StreamClosed, server.Owner.Last.ResetDetail);
    }

    [Fact]
    public void HEADERS_AfterEndStream_StreamClosed()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Get(1).Headers(1, true, "x: y").Get(3)));
        Assert.Equal("RST_STREAM 1 StreamClosed", server.Written()[0]);
        Assert.True(server.Owner.Last.Complete);
    }

    [Fact]
    public void DATA_AfterBothEnded_ConnectionError()
    {
        ServerHarness server = ServerHarness.Started();
        server.Owner.WhenNewStream = stream => stream.WhenHeaders = (s, _) => server.Respond(s);
        Assert.Same(Http2Errors.ClosedStream, server.Feed(new Http2Script().Get(1).Data(1, "late")));
        Assert.Equal("GOAWAY 1 StreamClosed", server.Written()[^1]);
    }

    [Fact]
    public void HEADERS_OnStreamThatWasPassedOver_ConnectionError()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Same(Http2Errors.ClosedStream, server.Feed(new Http2Script().Get(5).Get(3)));
    }

    [Fact]
    public void Frames_AfterWeResetTheStream_Ignored()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Post(1));
        server.Owner.Last.Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Equal(["RST_STREAM 1 NoError"], server.Written());
        Assert.Null(server.Feed(new Http2Script().Data(1, "late").Headers(1, true, "x: y").WindowUpdate(1, 5)
            .RstStream(1, Http2ErrorCode.Cancel)));
        Assert.Empty(server.Written());
        Assert.Equal(["headers"], server.Owner.Last.Events);
        Assert.Equal(1, server.Stats.Get(Http2Stat.TxReset));
    }

    [Fact]
    public void WINDOW_UPDATE_And_RST_STREAM_AfterBothEnded_Ignored()
    {
        ServerHarness server = ServerHarness.Started();
        server.Owner.WhenNewStream = stream => stream.WhenHeaders = (s, _) => server.Respond(s);
        Assert.Null(server.Feed(new Http2Script().Get(1).WindowUpdate(1, 5).RstStream(1, Http2ErrorCode.NoError).Priority(1)));
    }

    [Theory]
    [InlineData(Http2ErrorCode.Cancel, StreamResetReason.RemoteReset)]
    [InlineData(Http2ErrorCode.NoError, StreamResetReason.RemoteReset)]
    [InlineData(Http2ErrorCode.RefusedStream, StreamResetReason.RemoteRefusedStreamReset)]
    [InlineData(Http2ErrorCode.ConnectError, StreamResetReason.ConnectError)]
    public void RST_STREAM_OnOpenStream_TellsTheOwner(Http2ErrorCode code, StreamResetReason reason)
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1).RstStream(1, code)));
        Assert.Equal(reason, server.Owner.Last.ResetReason);
        Assert.Equal(0, server.Codec.ActiveStreams);
        Assert.Equal(1, server.Owner.ClosedStreams);
        Assert.Equal(1, server.Stats.Get(Http2Stat.RxReset));
        Assert.Empty(server.Written());
    }

    [Theory]
    [InlineData(StreamResetReason.LocalReset, "NoError")]
    [InlineData(StreamResetReason.LocalRefusedStreamReset, "RefusedStream")]
    [InlineData(StreamResetReason.ProtocolError, "ProtocolError")]
    [InlineData(StreamResetReason.ConnectError, "ConnectError")]
    public void Reset_ByTheOwner_HasItsCode(StreamResetReason reason, string code)
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1));
        server.Owner.Last.Sender!.Reset(reason);
        Assert.Equal(["RST_STREAM 1 " + code], server.Written());
        Assert.Equal(["headers+end"], server.Owner.Last.Events);
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void Reset_OfAnEarlyCompleteResponse_FollowsIt()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 4));
        server.Feed(new Http2Script().Post(1));
        server.Respond(server.Owner.Last, "too large");
        server.Owner.Last.Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 too "], server.Written());
        Assert.Equal(1, server.Stats.Get(Http2Stat.DeferredStreamClose));
        Assert.Null(server.Feed(new Http2Script().Data(1, "dropped").WindowUpdate(1, 100)));
        Assert.Equal(["DATA 1 end large", "RST_STREAM 1 NoError"], server.Written());
        Assert.Equal(["headers"], server.Owner.Last.Events);
        Assert.Equal(0, server.Stats.Get(Http2Stat.DeferredStreamClose));
        Assert.Equal(0, server.Stats.Get(Http2Stat.PendingSendBytes));
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void Reset_FromInsideAnEvent_EndsTheStreamAtOnce()
    {
        ServerHarness server = ServerHarness.Started();
        server.Owner.WhenNewStream = stream => stream.WhenHeaders = (s, _) => s.Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Null(server.Feed(new Http2Script().Post(1).Data(1, "dropped").Post(3)));
        Assert.Equal(["headers"], server.Owner.Streams[0].Events);
        Assert.Equal(["RST_STREAM 1 NoError", "RST_STREAM 3 NoError"], server.Written());
    }

    [Fact]
    public void Streams_BeyondTheLimit_Refused()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { MaxConcurrentStreams = 2 });
        Assert.Null(server.Feed(new Http2Script().Post(1).Post(3).Post(5).Data(5, "ignored")));
        Assert.Equal(["RST_STREAM 5 RefusedStream"], server.Written());
        Assert.Equal(2, server.Owner.Streams.Count);
        Assert.Equal(1, server.Stats.Get(Http2Stat.StreamRefusedErrors));
        server.Owner.Streams[0].Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Null(server.Feed(new Http2Script().Get(7)));
        Assert.True(server.Owner.Last.Complete);
    }

    [Fact]
    public void ConnectionClosed_ByTransport_ResetsEveryStreamAndReturnsMemory()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 1));
        server.Feed(new Http2Script().Post(1).Get(3).Raw([0, 0, 50, 1, 4, 0, 0]).Raw([0, 9, 1, 2, 3]));
        server.Respond(server.Owner.Streams[1], "held back");
        server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        Assert.Equal(StreamResetReason.ConnectionTermination, server.Owner.Streams[0].ResetReason);
        Assert.Equal(StreamResetReason.None, server.Owner.Streams[1].ResetReason);
        Assert.Equal(0, server.Codec.ActiveStreams);
        Assert.Equal(0, server.Pool.Outstanding);
        server.Transport.TakeOutput();
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
        Assert.Equal(0, server.Stats.Get(Http2Stat.StreamsActive));
        Assert.Equal(0, server.Stats.Get(Http2Stat.OutboundFramesActive));
        Assert.Equal(0, server.Stats.Get(Http2Stat.PendingSendBytes));
    }

    [Fact]
    public void ConnectionClosed_FromInsideAnEvent_StopsReading()
    {
        ServerHarness server = ServerHarness.Started();
        server.Owner.WhenNewStream = stream =>
            stream.WhenHeaders = (_, _) => server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        Assert.Null(server.Feed(new Http2Script().Post(1).Data(1, "x").Post(3)));
        Assert.Single(server.Owner.Streams);
        Assert.Equal(["headers", "reset(ConnectionTermination)"], server.Owner.Last.Events);
        Assert.Equal(0, server.Pool.Outstanding);
    }
}
