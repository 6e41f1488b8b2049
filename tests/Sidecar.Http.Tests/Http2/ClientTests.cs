using System;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

public class ClientTests
{
    [Fact]
    public void Exchange_WithInformationalBodyAndTrailers()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request("POST", endStream: false, "te: trailers");
        client.Transport.EncodeData(stream.Sender!, "ping"u8, endStream: true);
        Assert.Equal(
            ["HEADERS 1 | :authority: test, :method: POST, :path: /, :scheme: http, te: trailers", "DATA 1 end ping"],
            client.Written());
        Assert.Null(client.Feed(new Http2Script()
            .Headers(1, false, ":status: 103", "link: a")
            .Headers(1, false, ":status: 200")
            .Data(1, "pong")
            .Headers(1, true, "grpc-status: 0")));
        Assert.Equal(["informational", "headers", "data(4)", "trailers"], stream.Events);
        Assert.Equal(":status: 103\nlink: a\n", stream.Informational[0]);
        Assert.Equal(1, client.Owner.ClosedStreams);
        Assert.True(client.Owner.Reusable);
        Assert.Equal(0, client.Pool.Outstanding);
    }

    [Fact]
    public void EarlyResponse_WithRstNoError_CompletesAndEndsTheRequest()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request("POST", endStream: false);
        Assert.Null(client.Feed(new Http2Script().Headers(1, true, ":status: 413").RstStream(1, Http2ErrorCode.NoError)));
        Assert.True(stream.Complete);
        Assert.Equal(["headers+end", "reset(RemoteReset)"], stream.Events);
        Assert.Equal(0, client.Codec.ActiveStreams);
        Assert.True(client.Owner.Reusable);
    }

    [Fact]
    public void RefusedStream_IsToldApart()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request();
        client.Feed(new Http2Script().RstStream(1, Http2ErrorCode.RefusedStream));
        Assert.Equal(StreamResetReason.RemoteRefusedStreamReset, stream.ResetReason);
        Assert.Equal("http2.remote_refuse", stream.ResetDetail?.Details);
    }

    [Fact]
    public void Cancelled_ByTheOwner_ResetsAndIgnoresTheResponse()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request();
        client.Written();
        stream.Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Equal(["RST_STREAM 1 NoError"], client.Written());
        Assert.Null(client.Feed(new Http2Script().Headers(1, false, ":status: 200").Data(1, "late", endStream: true)));
        Assert.Empty(stream.Events);
        Assert.True(client.Owner.Reusable);
    }

    [Fact]
    public void Stream_WithoutAHead_IsDroppedInSilence()
    {
        ClientHarness client = ClientHarness.Started();
        client.NewStream().Sender!.Reset(StreamResetReason.LocalReset);
        Assert.Empty(client.Written());
        client.Request();
        Assert.StartsWith("HEADERS 3 end", client.Written()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_OutOfTheOrderOfTheStreams_GetAscendingIds()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver first = client.NewStream();
        RecordingReceiver second = client.NewStream();
        second.Sender!.EncodeHeaders(HpackText.Map(":method: GET", ":path: /2", ":scheme: http"), endStream: true);
        first.Sender!.EncodeHeaders(HpackText.Map(":method: GET", ":path: /1", ":scheme: http"), endStream: true);
        Assert.Equal(
            ["HEADERS 3 end | :method: GET, :path: /2, :scheme: http", "HEADERS 5 end | :method: GET, :path: /1, :scheme: http"],
            client.Written());
        Assert.Null(client.Feed(new Http2Script().Headers(5, true, ":status: 201").Headers(3, true, ":status: 202")));
        Assert.Equal(201, first.Headers.Status);
        Assert.Equal(202, second.Headers.Status);
    }

    [Theory]
    [InlineData(3u)]
    [InlineData(2u)]
    public void Response_OnAStreamNeverOpened_ConnectionError(uint streamId)
    {
        ClientHarness client = ClientHarness.Started();
        client.Request();
        Assert.Same(Http2Errors.IdleStream, client.Feed(new Http2Script().Headers(streamId, true, ":status: 200")));
    }

    [Fact]
    public void Ids_UsedUp_AreAGoAway()
    {
        ClientHarness client = ClientHarness.Started();
        client.Codec.SkipToStreamId(int.MaxValue);
        RecordingReceiver last = client.Request();
        Assert.Equal(1, client.Owner.GoAways);
        Assert.Null(client.Feed(new Http2Script().Headers(int.MaxValue, true, ":status: 200")));
        Assert.True(last.Complete);
        Assert.False(client.Owner.Reusable);
    }

    [Fact]
    public void ProtocolError_MakesTheConnectionUnusable()
    {
        ClientHarness client = ClientHarness.Started();
        RecordingReceiver stream = client.Request();
        Assert.NotNull(client.Feed(new Http2Script().Headers(1, true, "no-status: 1")));
        client.Codec.OnConnectionClosed(StreamResetReason.ProtocolError);
        Assert.Equal(StreamResetReason.ProtocolError, stream.ResetReason);
        Assert.Equal(0, client.Pool.Outstanding);
    }

    [Fact]
    public void NextRequest_FromInsideStreamClosed_IsFine()
    {
        var harness = new ReusingClient();
        Assert.Equal(3, harness.Run());
    }

    /// <summary>A pool that starts the next request as soon as a stream is free.</summary>
    private sealed class ReusingClient : ClientCodecOwner
    {
        private readonly FakeCodecTransport _transport = new();
        private readonly Http2ClientCodec _codec;
        private int _started;

        public ReusingClient()
        {
            _codec = new Http2ClientCodec(_transport, this, Http2Settings.Default,
                new Sidecar.Http.Http2.Streams.Http2StreamPool(_transport.Memory), TestStats.Create());
        }

        public int Run()
        {
            _transport.Feed(_codec, new Http2Script().Settings().ToArray());
            Start();
            for (uint id = 1; id < 6; id += 2)
            {
                Assert.Null(_transport.Feed(_codec, new Http2Script().Headers(id, true, ":status: 200").ToArray()));
            }

            return _started - 1;
        }

        public override void OnStreamClosed(bool connectionReusable) => Start();

        public override void OnGoAway()
        {
        }

        public override void OnMaxConcurrentStreamsChanged()
        {
        }

        private void Start()
        {
            _started++;
            StreamSender sender = _codec.NewStream(new RecordingReceiver());
            sender.EncodeHeaders(HpackText.Map(":method: GET", ":scheme: http", ":path: /"), endStream: true);
        }
    }
}
