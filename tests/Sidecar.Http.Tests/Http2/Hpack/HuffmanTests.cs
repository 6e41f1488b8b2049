using System;
using System.Text;
using Sidecar.Http.Http2.Hpack;

namespace Sidecar.Http.Tests.Http2.Hpack;

public class HuffmanTests
{
    [Theory]
    [InlineData("www.example.com", "f1e3c2e5f23a6ba0ab90f4ff")]
    [InlineData("no-cache", "a8eb10649cbf")]
    [InlineData("custom-key", "25a849e95ba97d7f")]
    [InlineData("Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff")]
    [InlineData("", "")]
    public void Encode_KnownText_KnownBytes(string text, string hex)
    {
        byte[] source = Encoding.ASCII.GetBytes(text);
        var encoded = new byte[HuffmanEncoder.EncodedBytes(source)];
        Assert.Equal(encoded.Length, HuffmanEncoder.Encode(source, encoded));
        Assert.Equal(hex, HpackText.Hex(encoded));
    }

    [Theory]
    [InlineData(0, "ffc7")]
    [InlineData(0xF9, "ffffffef")]
    [InlineData(0x0A, "fffffff3")]
    [InlineData('\\', "fffe1f")]
    [InlineData(0xFF, "fffffbbf")]
    public void Encode_RareOctet_IsItsCodeAndPadding(int octet, string hex)
    {
        byte[] source = [(byte)octet];
        var encoded = new byte[HuffmanEncoder.EncodedBytes(source)];
        HuffmanEncoder.Encode(source, encoded);
        Assert.Equal(hex, HpackText.Hex(encoded));
    }

    [Fact]
    public void Decode_EveryOctetInEveryPosition_RoundTrips()
    {
        var random = new Random(7541);
        for (int length = 0; length <= 64; length++)
        {
            for (int round = 0; round < 40; round++)
            {
                var source = new byte[length];
                random.NextBytes(source);
                var encoded = new byte[HuffmanEncoder.EncodedBytes(source)];
                HuffmanEncoder.Encode(source, encoded);
                var decoded = new byte[HuffmanDecoder.MaxDecodedBytes(encoded.Length)];
                Assert.True(HuffmanDecoder.TryDecode(encoded, decoded, out int written));
                Assert.Equal(source, decoded[..written]);
            }
        }
    }

    [Theory]
    [InlineData("ffffffff")] // end of string
    [InlineData("1fffffffff")] // a, end of string
    [InlineData("ffffffffffffffffffffffff")]
    [InlineData("18")] // a, padding of zeros
    [InlineData("1e")] // a, padding of ones and a zero
    [InlineData("1fff")] // a, eleven bits of padding
    [InlineData("ff")] // eight bits of padding
    [InlineData("fe")]
    [InlineData("ffc0")]
    public void Decode_BadPaddingOrEndOfString_Refused(string hex)
    {
        byte[] encoded = HpackText.Bytes(hex);
        Assert.False(HuffmanDecoder.TryDecode(encoded, new byte[64], out _));
    }

    [Fact]
    public void Decode_AnyBytes_StaysWithinItsRoom()
    {
        var random = new Random(113);
        for (int round = 0; round < 20_000; round++)
        {
            var encoded = new byte[random.Next(0, 40)];
            random.NextBytes(encoded);
            var room = new byte[HuffmanDecoder.MaxDecodedBytes(encoded.Length)];
            if (!HuffmanDecoder.TryDecode(encoded, room, out int written))
            {
                continue;
            }

            var again = new byte[HuffmanEncoder.EncodedBytes(room.AsSpan(0, written))];
            HuffmanEncoder.Encode(room.AsSpan(0, written), again);
            Assert.Equal(encoded, again);
        }
    }
}
