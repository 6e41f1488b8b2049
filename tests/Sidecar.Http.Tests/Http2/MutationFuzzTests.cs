using System;
using System.Collections.Generic;
using System.Diagnostics;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Mutated conversations: whatever arrives, nothing is thrown, the contract's order holds and all memory comes back.</summary>
public class MutationFuzzTests
{
    private const int RunMs = 2_000;

    private static readonly byte[][] s_corpus =
    [
        new Http2Script().Get(1).Post(3).Data(3, "body").Headers(3, true, "t: v").Ping(1).ToArray(),
        new Http2Script().Post(1, "content-length: 4").PaddedData(1, "body", 9, endStream: true).WindowUpdate(0, 99).WindowUpdate(1, 9)
            .ToArray(),
        new Http2Script().Settings((SettingId.InitialWindowSize, 3), (SettingId.HeaderTableSize, 64)).Get(1).Priority(5).Get(3)
            .RstStream(1, Http2ErrorCode.Cancel).ToArray(),
        new Http2Script().Frame(FrameType.Headers, FrameFlags.EndStream, 1, 0x82, 0x86)
            .Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, 0x84).GoAway(0, 0).ToArray(),
        new Http2Script().Frame(FrameType.Headers, FrameFlags.EndHeaders, 1, HpackText.Bytes("828684418cf1e3c2e5f23a6ba0ab90f4ff"))
            .Data(1, "x", true).ToArray(),
    ];

    [Fact]
    public void Server_MutatedConversations_Survives()
    {
        var random = new Random(20_261_121);
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * RunMs / 2000);
        int rounds = 0;
        while (Stopwatch.GetTimestamp() < until || rounds < 200)
        {
            ServerHarness server = ServerHarness.Started(new Http2Settings { StreamErrorOnInvalidMessage = (rounds & 1) == 0 });
            server.Owner.WhenNewStream = stream => Arm(random, server, stream);
            Feed(random, bytes => server.Transport.Feed(server.Codec, bytes));
            server.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
            server.Transport.TakeOutput();
            Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
            Assert.Equal(0, server.Pool.Outstanding);
            Assert.Equal(0, server.Codec.ActiveStreams);
            rounds++;
        }
    }

    [Fact]
    public void Client_MutatedConversations_Survives()
    {
        var random = new Random(9_113);
        byte[][] corpus =
        [
            new Http2Script().Headers(1, false, ":status: 200").Data(1, "body").Headers(1, true, "t: v").Headers(3, true, ":status: 204")
                .ToArray(),
            new Http2Script().Headers(1, false, ":status: 100").Headers(1, true, ":status: 404")
                .RstStream(3, Http2ErrorCode.RefusedStream).GoAway(3, 0).ToArray(),
        ];
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * RunMs / 2000);
        int rounds = 0;
        while (Stopwatch.GetTimestamp() < until || rounds < 200)
        {
            ClientHarness client = ClientHarness.Started();
            client.Request();
            RecordingReceiver upload = client.Request("POST", endStream: false);
            Feed(random, bytes => client.Transport.Feed(client.Codec, bytes), corpus);
            if (upload.ResetReason == StreamResetReason.None)
            {
                client.Transport.EncodeData(upload.Sender!, "late"u8, endStream: true);
            }

            client.Codec.OnConnectionClosed(StreamResetReason.ConnectionTermination);
            client.Transport.TakeOutput();
            Assert.Equal(0, client.Transport.Memory.Slabs.Outstanding);
            Assert.Equal(0, client.Pool.Outstanding);
            rounds++;
        }
    }

    private delegate ErrorDetail? Feeder(ReadOnlySpan<byte> bytes);

    private static void Feed(Random random, Feeder feed, byte[][]? corpus = null)
    {
        corpus ??= s_corpus;
        for (int message = 0; message < 4; message++)
        {
            byte[] bytes = Mutate(random, corpus[random.Next(corpus.Length)]);
            int at = 0;
            while (at < bytes.Length)
            {
                int length = Math.Min(bytes.Length - at, random.Next(1, 80));
                if (feed(bytes.AsSpan(at, length)) is not null)
                {
                    return;
                }

                at += length;
            }
        }
    }

    private static byte[] Mutate(Random random, byte[] source)
    {
        var bytes = new List<byte>(source);
        int mutations = random.Next(0, 4);
        for (int i = 0; i < mutations && bytes.Count > 1; i++)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    int length = Math.Min(bytes.Count - at, random.Next(1, 30));
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>An owner that does what filters and routers do, at random.</summary>
    private static void Arm(Random random, ServerHarness server, RecordingReceiver stream)
    {
        switch (random.Next(5))
        {
            case 0:
                stream.WhenHeaders = (s, _) => server.Respond(s, "early answer");
                break;
            case 1:
                stream.WhenHeaders = (s, _) => s.Sender!.Reset(StreamResetReason.LocalReset);
                break;
            case 2:
                stream.WhenHeaders = (s, end) => s.Sender!.ReadDisable(true);
                break;
            case 3:
                stream.WhenComplete = s =>
                {
                    s.Sender!.EncodeHeaders(HpackText.Map(":status: 200"), endStream: false);
                    s.Sender.EncodeTrailers(HpackText.Map("t: v"));
                };
                break;
            default:
                stream.WhenComplete = s => server.Respond(s, "answer");
                break;
        }
    }
}
