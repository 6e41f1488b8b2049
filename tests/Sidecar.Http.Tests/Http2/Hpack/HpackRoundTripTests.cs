using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http2.Hpack;

public class HpackRoundTripTests
{
    [Fact]
    public void Response_SecondTime_IsAByteAField()
    {
        var encoder = new HpackEncoder(4096);
        HeaderMap map = HpackText.Map(":status: 200", "server: envoy", "content-type: text/plain", "x-custom: one", "vary: origin");
        Assert.True(HpackText.Encode(encoder, map).Length > 30);
        Assert.Equal(5, HpackText.Encode(encoder, map).Length);
    }

    [Theory]
    [InlineData("authorization: Bearer abcdefghijklmnopqrstuvwxyz", 0x1f)]
    [InlineData("cookie: a=1", 0x1f)]
    [InlineData("set-cookie: id=1234567890123456789012345", 0x0f)]
    public void Secret_Always_StaysOutOfTheTable(string line, byte firstByte)
    {
        var encoder = new HpackEncoder(4096);
        byte[] block = HpackText.Encode(encoder, HpackText.Map(line));
        Assert.Equal(firstByte, block[0]);
        Assert.Equal(0, encoder.Table.Count);
    }

    [Fact]
    public void Fields_ManyAndAllRepeated_AllStayIndexed()
    {
        var encoder = new HpackEncoder(4096);
        var lines = new string[60];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = $"x-{i}: value {i * 7}";
        }

        HeaderMap map = HpackText.Map(lines);
        HpackText.Encode(encoder, map);
        Assert.Equal(60, HpackText.Encode(encoder, map).Length);
    }

    [Fact]
    public void PseudoHeaders_AddedLate_ComeFirst()
    {
        byte[] block = HpackText.Encode(new HpackEncoder(4096), HpackText.Map("accept: a", ":status: 204"));
        Assert.Equal(":status: 204\naccept: a\n", HpackText.Decode(new HpackDecoder(), block, MessageKind.Response));
    }

    [Fact]
    public void ConnectionHeaders_OfHttp1_AreDropped()
    {
        byte[] block = HpackText.Encode(
            new HpackEncoder(4096),
            HpackText.Map("connection: close", "keep-alive: 5", "transfer-encoding: chunked", "upgrade: x", "proxy-connection: y",
                "accept: a"));
        Assert.Equal("accept: a\n", HpackText.Decode(new HpackDecoder(), block));
    }

    [Fact]
    public void PeerLimit_LoweredAndRaised_IsAnnouncedWithTheSmallest()
    {
        var encoder = new HpackEncoder(4096);
        HpackText.Encode(encoder, HpackText.Map("x-a: b"));
        encoder.SetPeerLimit(0);
        encoder.SetPeerLimit(200);
        byte[] block = HpackText.Encode(encoder, HpackText.Map("x-a: b"));
        Assert.Equal("203fa901", HpackText.Hex(block.AsSpan(0, 4)));
        Assert.Equal(200, encoder.Table.MaxBytes);
    }

    [Fact]
    public void OwnLimit_BelowTheDefault_IsAnnouncedFirst()
    {
        byte[] block = HpackText.Encode(new HpackEncoder(0), HpackText.Map("x-a: b"));
        Assert.Equal(0x20, block[0]);
        Assert.Equal("x-a: b\n", HpackText.Decode(new HpackDecoder(), block));
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(300, 2)]
    [InlineData(64, 3)]
    [InlineData(0, 4)]
    public void Blocks_OfRandomFields_RoundTripInStep(int tableBytes, int seed)
    {
        var random = new Random(seed);
        var encoder = new HpackEncoder(tableBytes);
        var decoder = new HpackDecoder();
        for (int round = 0; round < 3_000; round++)
        {
            HeaderMap map = RandomMap(random);
            byte[] block = HpackText.Encode(encoder, map);
            Assert.Equal(RecordingReceiver.Text(map), HpackText.Decode(decoder, block, MessageKind.ResponseTrailers));
            Assert.Equal(HpackText.Table(encoder.Table), HpackText.Table(decoder.Table));
            Assert.InRange(encoder.Table.SizeBytes, 0, tableBytes);
        }
    }

    private static HeaderMap RandomMap(Random random)
    {
        string[] names = ["server", "date", "x-request-id", "content-type", "authorization", "x-one", "x-two", "last-modified", "etag",
            "via", "accept-encoding"];
        var map = new HeaderMap();
        int count = random.Next(0, 12);
        for (int i = 0; i < count; i++)
        {
            string name = random.Next(4) == 0 ? "x-" + random.Next(50) : names[random.Next(names.Length)];
            var value = new StringBuilder();
            value.Append('v').Append(random.Next(3) == 0 ? random.Next(1_000_000) : random.Next(4));
            value.Append('~', random.Next(20) == 0 ? random.Next(400) : random.Next(12));
            map.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value.ToString()));
        }

        return map;
    }
}
