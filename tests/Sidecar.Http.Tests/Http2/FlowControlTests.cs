using System;
using System.Collections.Generic;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Windows in both directions (RFC 9113 sections 5.2 and 6.9).</summary>
public class FlowControlTests
{
    private static readonly Http2Settings s_small = new() { InitialStreamWindowBytes = 65_535, InitialConnectionWindowBytes = 65_535 };

    [Fact]
    public void Body_BeyondTheStreamWindow_Waits()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 10));
        server.Feed(new Http2Script().Get(1));
        StreamSender sender = server.Owner.Last.Sender!;
        server.Respond(server.Owner.Last, "0123456789abcdef");
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 0123456789"], server.Written());
        Assert.Equal(6, sender.BufferedBytes);
        Assert.Equal(6, server.Stats.Get(Http2Stat.PendingSendBytes));
        server.Feed(new Http2Script().WindowUpdate(1, 4));
        Assert.Equal(["DATA 1 abcd"], server.Written());
        server.Feed(new Http2Script().WindowUpdate(1, 4));
        Assert.Equal(["DATA 1 end ef"], server.Written());
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void Trailers_BehindAWaitingBody_FollowIt()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 0));
        server.Feed(new Http2Script().Get(1));
        StreamSender sender = server.Owner.Last.Sender!;
        sender.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        server.Transport.EncodeData(sender, "body"u8, endStream: false);
        sender.EncodeTrailers(HpackText.Map("grpc-status: 0"));
        Assert.Equal(["HEADERS 1 | :status: 200"], server.Written());
        server.Feed(new Http2Script().WindowUpdate(1, 100));
        Assert.Equal(["DATA 1 body", "HEADERS 1 end | grpc-status: 0"], server.Written());
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void EmptyEnd_NeedsNoWindow()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 0));
        server.Feed(new Http2Script().Get(1));
        server.Owner.Last.Sender!.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        server.Transport.EncodeData(server.Owner.Last.Sender!, [], endStream: true);
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 end "], server.Written());
    }

    [Fact]
    public void ConnectionWindow_Opening_IsSharedInTurns()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 1_000_000));
        server.Feed(new Http2Script().Get(1).Get(3).Get(5));
        string body = new('b', 60_000);
        foreach (RecordingReceiver stream in server.Owner.Streams)
        {
            server.Respond(stream, body);
        }

        server.Written();
        Assert.Null(server.Feed(new Http2Script().WindowUpdate(0, 3 * 16_384)));
        List<string> written = server.Written();
        Assert.Equal("DATA 3 16384 bytes", written[0]);
        Assert.Equal("DATA 5 16384 bytes", written[1]);
        Assert.Equal("DATA 3 16384 bytes", written[2]);
        Assert.Null(server.Feed(new Http2Script().WindowUpdate(0, 1_000_000)));
        written = server.Written();
        Assert.Equal("DATA 5 16384 bytes", written[0]);
        Assert.Equal(0, server.Pool.Outstanding);
    }

    [Fact]
    public void InitialWindow_LoweredBelowWhatIsUsed_IsNegative()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 10));
        server.Feed(new Http2Script().Get(1));
        server.Respond(server.Owner.Last, "0123456789abcdef");
        server.Written();
        Assert.Null(server.Feed(new Http2Script().Settings((SettingId.InitialWindowSize, 2)).WindowUpdate(1, 8)));
        Assert.Equal(["SETTINGS ack"], server.Written());
        Assert.Null(server.Feed(new Http2Script().WindowUpdate(1, 1)));
        Assert.Equal(["DATA 1 a"], server.Written());
        Assert.Null(server.Feed(new Http2Script().Settings((SettingId.InitialWindowSize, 100))));
        Assert.Equal(["SETTINGS ack", "DATA 1 end bcdef"], server.Written());
    }

    [Fact]
    public void StreamWindow_Overflow_ResetsTheStream()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1).WindowUpdate(1, int.MaxValue)));
        Assert.Equal(["RST_STREAM 1 FlowControlError"], server.Written());
    }

    [Fact]
    public void StreamWindow_IncrementOfZero_ResetsTheStream()
    {
        ServerHarness server = ServerHarness.Started();
        Assert.Null(server.Feed(new Http2Script().Post(1).WindowUpdate(1, 0)));
        Assert.Equal(["RST_STREAM 1 ProtocolError"], server.Written());
    }

    [Fact]
    public void WriteBuffer_AboveAndBelowItsLimit_TellsTheOwner()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 0));
        server.Feed(new Http2Script().Get(1));
        RecordingReceiver stream = server.Owner.Last;
        stream.Sender!.SetWriteBufferLimit(100);
        stream.Sender.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        server.Transport.EncodeData(stream.Sender, new byte[100], endStream: false);
        Assert.Equal(["headers+end"], stream.Events);
        server.Transport.EncodeData(stream.Sender, new byte[1], endStream: false);
        server.Transport.EncodeData(stream.Sender, new byte[50], endStream: false);
        Assert.Equal(["headers+end", "above"], stream.Events);
        server.Feed(new Http2Script().WindowUpdate(1, 100));
        Assert.Equal(["headers+end", "above"], stream.Events);
        server.Feed(new Http2Script().WindowUpdate(1, 1));
        Assert.Equal(["headers+end", "above", "below"], stream.Events);
    }

    [Fact]
    public void TransportWatermark_TellsOpenAndNewStreams_OnceEach()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1));
        server.Codec.OnTransportWatermark(true);
        server.Codec.OnTransportWatermark(true);
        server.Feed(new Http2Script().Get(3));
        server.Codec.OnTransportWatermark(false);
        Assert.Equal(["headers+end", "above", "below"], server.Owner.Streams[0].Events);
        Assert.Equal(["above", "headers+end", "below"], server.Owner.Streams[1].Events);
    }

    [Fact]
    public void ReceiveWindow_HalfUsed_IsAnnounced()
    {
        ServerHarness server = ServerHarness.Started(s_small);
        server.Feed(new Http2Script().Post(1));
        string half = new('x', 16_384);
        Assert.Null(server.Feed(new Http2Script().Data(1, half)));
        Assert.Empty(server.Written());
        Assert.Null(server.Feed(new Http2Script().Data(1, half)));
        Assert.Equal(["WINDOW_UPDATE 0 32768", "WINDOW_UPDATE 1 32768"], server.Written());
    }

    [Fact]
    public void ReceiveWindow_WhileReadDisabled_IsHeldBack()
    {
        ServerHarness server = ServerHarness.Started(s_small);
        server.Feed(new Http2Script().Post(1));
        StreamSender sender = server.Owner.Last.Sender!;
        sender.ReadDisable(true);
        sender.ReadDisable(true);
        string chunk = new('x', 16_383);
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(server.Feed(new Http2Script().Data(1, chunk)));
        }

        Assert.Empty(server.Written());
        sender.ReadDisable(false);
        Assert.Empty(server.Written());
        sender.ReadDisable(false);
        Assert.Equal(["WINDOW_UPDATE 0 65532", "WINDOW_UPDATE 1 65532"], server.Written());
    }

    [Fact]
    public void ReceiveWindow_OfAResetStream_IsGivenBackToTheConnection()
    {
        ServerHarness server = ServerHarness.Started(s_small);
        server.Feed(new Http2Script().Post(1));
        StreamSender sender = server.Owner.Last.Sender!;
        sender.ReadDisable(true);
        string chunk = new('x', 16_384);
        server.Feed(new Http2Script().Data(1, chunk).Data(1, chunk));
        sender.Reset(StreamResetReason.LocalReset);
        Assert.Equal(["RST_STREAM 1 NoError", "WINDOW_UPDATE 0 32768"], server.Written());
    }

    [Fact]
    public void ReceiveWindow_Exceeded_OnTheConnection_Error()
    {
        ServerHarness server = ServerHarness.Started(s_small);
        server.Feed(new Http2Script().Post(1).Post(3));
        foreach (RecordingReceiver stream in server.Owner.Streams)
        {
            stream.Sender!.ReadDisable(true);
        }

        string chunk = new('x', 16_384);
        Assert.Same(Http2Errors.WindowExceeded, server.Feed(new Http2Script().Data(1, chunk).Data(1, chunk).Data(3, chunk).Data(3, chunk)));
    }

    [Fact]
    public void ReceiveWindow_Exceeded_OnAStream_ResetsIt()
    {
        ServerHarness server = ServerHarness.Started(new Http2Settings { InitialStreamWindowBytes = 65_535 });
        server.Feed(new Http2Script().Post(1));
        server.Owner.Last.Sender!.ReadDisable(true);
        string chunk = new('x', 16_384);
        Assert.Null(server.Feed(new Http2Script().Data(1, chunk).Data(1, chunk).Data(1, chunk).Data(1, chunk)));
        Assert.Equal(["RST_STREAM 1 FlowControlError"], server.Written());
        Assert.Same(Http2Errors.StreamWindowExceeded, server.Owner.Last.ResetDetail);
    }

    [Fact]
    public void Padding_CountsAndIsGivenBackAtOnce()
    {
        ServerHarness server = ServerHarness.Started(s_small);
        server.Feed(new Http2Script().Post(1));
        server.Owner.Last.Sender!.ReadDisable(true);
        for (int i = 0; i < 200; i++)
        {
            Assert.Null(server.Feed(new Http2Script().PaddedData(1, "x", 255)));
        }

        Assert.Equal(200, server.Owner.Last.Body.Length);
        Assert.Equal(["WINDOW_UPDATE 0 32768", "WINDOW_UPDATE 1 32768"], server.Written());
    }

    [Fact]
    public void StalledResponse_AfterTheFlushTimeout_IsReset()
    {
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 1));
        server.Feed(new Http2Script().Get(1).Get(3));
        server.Respond(server.Owner.Streams[0], "stalled");
        server.Transport.CurrentNs += 1_000;
        server.Respond(server.Owner.Streams[1], "younger");
        server.Written();
        Assert.Equal(1, server.Codec.ResetStalled(1_000));
        Assert.Equal(["RST_STREAM 1 NoError"], server.Written());
        Assert.Equal(1, server.Stats.Get(Http2Stat.TxFlushTimeout));
        Assert.Equal(1, server.Codec.ActiveStreams);
    }

    [Fact]
    public void LargeBody_OfAChain_GoesOutByReferenceInFullFrames()
    {
        ServerHarness server = ServerHarness.Started();
        server.Feed(new Http2Script().Get(1));
        StreamSender sender = server.Owner.Last.Sender!;
        sender.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        var chain = new BufferChain(server.Transport.Memory.Slabs);
        chain.Append(new byte[40_000]);
        int slabs = server.Transport.Memory.Slabs.Outstanding;
        sender.EncodeData(chain, endStream: true);
        Assert.True(chain.IsEmpty);
        Assert.InRange(server.Transport.Memory.Slabs.Outstanding, slabs, slabs + 4);
        Assert.Equal(["HEADERS 1 | :status: 200", "DATA 1 16384 bytes", "DATA 1 16384 bytes", "DATA 1 end 7232 bytes"], server.Written());
    }

    [Fact]
    public void Windows_OverRandomTraffic_AreNeverExceeded()
    {
        var random = new Random(540);
        ServerHarness server = ServerHarness.Started(null, (SettingId.InitialWindowSize, 1000));
        server.Feed(new Http2Script().Get(1).Get(3).Get(5).Get(7));
        var windows = new Dictionary<uint, long> { [0] = 65_535, [1] = 1000, [3] = 1000, [5] = 1000, [7] = 1000 };
        foreach (RecordingReceiver stream in server.Owner.Streams)
        {
            stream.Sender!.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
        }

        int initial = 1000;
        long encoded = 0;
        long sent = 0;
        void Receive()
        {
            foreach (Http2Frame frame in Http2Frame.ReadAll(server.Transport.TakeOutput()))
            {
                if (frame.Type == FrameType.Data)
                {
                    windows[0] -= frame.Payload.Length;
                    windows[frame.StreamId] -= frame.Payload.Length;
                    sent += frame.Payload.Length;
                    Assert.True(windows[0] >= 0 && windows[frame.StreamId] >= 0, "window exceeded");
                }
            }
        }

        for (int round = 0; round < 3_000; round++)
        {
            RecordingReceiver stream = server.Owner.Streams[random.Next(4)];
            int bytes = random.Next(3_000);
            encoded += bytes;
            server.Transport.EncodeData(stream.Sender!, new byte[bytes], endStream: false);
            Receive();
            uint target = (uint)((random.Next(5) * 2) - 1);
            target = target > 7 ? 0 : target;
            uint increment = (uint)random.Next(1, 4_000);
            windows[target] += increment;
            server.Feed(new Http2Script().WindowUpdate(target, increment));
            Receive();
            if (round % 50 == 0)
            {
                int next = random.Next(0, 5_000);
                foreach (RecordingReceiver open in server.Owner.Streams)
                {
                    windows[open.Sender!.StreamId] += next - initial;
                }

                initial = next;
                server.Feed(new Http2Script().Settings((SettingId.InitialWindowSize, (uint)next)));
            }

            Receive();
            long waiting = 0;
            foreach (RecordingReceiver open in server.Owner.Streams)
            {
                waiting += open.Sender!.BufferedBytes;
                Assert.True(open.Sender.BufferedBytes == 0 || windows[0] <= 0 || windows[open.Sender.StreamId] <= 0,
                    "bytes wait for no reason");
            }

            Assert.Equal(encoded, sent + waiting);
            Assert.Equal(waiting, server.Stats.Get(Http2Stat.PendingSendBytes));
        }

        Assert.True(sent > 100_000);
    }
}
