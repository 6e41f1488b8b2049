using System;
using System.Collections.Generic;
using Sidecar.Core.Buffers;
using Sidecar.Http.Http2;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http2;

/// <summary>Our client against our server over random exchanges, windows, pauses and cuts: what goes in comes out.</summary>
public class LoopbackTests
{
    [Theory]
    [InlineData(1, 65_535)]
    [InlineData(2, 65_535)]
    [InlineData(3, 200_000)]
    [InlineData(4, 16 * 1024 * 1024)]
    public void Exchanges_AtRandom_ArriveWhole(int seed, int windowBytes)
    {
        var settings = new Http2Settings
        {
            InitialStreamWindowBytes = windowBytes,
            InitialConnectionWindowBytes = windowBytes,
            MaxConsecutiveEmptyFrames = 10,
        };
        var random = new Random(seed);
        var server = new ServerHarness(settings);
        var client = new ClientHarness(settings);
        var bodies = new Dictionary<RecordingReceiver, byte[]>();
        var requests = new List<RecordingReceiver>();

        // The server echoes body and number of the request, pausing at random.
        server.Owner.WhenNewStream = stream => stream.WhenComplete = s =>
        {
            s.Sender!.EncodeHeaders(HpackText.Map(":status: 200", "x-body: " + s.Body.Length), endStream: false);
            var chain = new BufferChain(server.Transport.Memory.Slabs);
            chain.Append(s.Body);
            s.Sender.EncodeData(chain, endStream: s.Body.Length % 2 == 0);
            if (s.Body.Length % 2 != 0)
            {
                s.Sender.EncodeTrailers(HpackText.Map("x-trailer: odd"));
            }
        };

        for (int round = 0; round < 400; round++)
        {
            if (client.Codec.ActiveStreams < 10 && round < 300)
            {
                var body = new byte[random.Next(10) == 0 ? random.Next(150_000) : random.Next(500)];
                random.NextBytes(body);
                RecordingReceiver stream = client.Request("POST", endStream: false, "x-round: " + round);
                bodies.Add(stream, body);
                requests.Add(stream);
                for (int at = 0; at < body.Length;)
                {
                    int length = Math.Min(body.Length - at, random.Next(1, 60_000));
                    client.Transport.EncodeData(stream.Sender!, body.AsSpan(at, length), endStream: false);
                    at += length;
                }

                client.Transport.EncodeData(stream.Sender!, [], endStream: true);
            }

            Pump(random, client, server);
        }

        for (int i = 0; i < 2_000 && client.Codec.ActiveStreams > 0; i++)
        {
            Pump(random, client, server);
        }

        foreach (RecordingReceiver stream in requests)
        {
            Assert.True(stream.Complete);
            Assert.Equal(bodies[stream], stream.Body);
            Assert.Equal(bodies[stream].Length % 2 == 0 ? string.Empty : "x-trailer: odd\n", RecordingReceiver.Text(stream.Trailers));
        }

        Assert.Equal(0, server.Codec.ActiveStreams);
        Assert.Equal(0, server.Pool.Outstanding);
        Assert.Equal(0, client.Pool.Outstanding);
        Assert.Equal(0, client.Transport.Memory.Slabs.Outstanding);
        Assert.Equal(0, server.Transport.Memory.Slabs.Outstanding);
    }

    private static void Pump(Random random, ClientHarness client, ServerHarness server)
    {
        foreach (Range piece in Pieces(random, client.Transport.TakeOutput(), out byte[] toServer))
        {
            Assert.Null(server.Transport.Feed(server.Codec, toServer.AsSpan(piece)));
        }

        foreach (Range piece in Pieces(random, server.Transport.TakeOutput(), out byte[] toClient))
        {
            Assert.Null(client.Transport.Feed(client.Codec, toClient.AsSpan(piece)));
        }
    }

    private static List<Range> Pieces(Random random, byte[] bytes, out byte[] same)
    {
        same = bytes;
        var pieces = new List<Range>();
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, random.Next(1, 65_536));
            pieces.Add(at..(at + length));
            at += length;
        }

        return pieces;
    }
}
