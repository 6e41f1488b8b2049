using System;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Tests.Http2.Hpack;

public class HpackDecoderHostileTests
{
    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "dynamic index, empty table")]
    [InlineData("ffffffffff7f", "index far outside")]
    [InlineData("ffffffffffff7f", "index overflow")]
    [InlineData("40", "no name")]
    [InlineData("4001", "name cut short")]
    [InlineData("400161", "no value")]
    [InlineData("40016105", "value cut short")]
    [InlineData("400161ff", "value length cut short")]
    [InlineData("7e0161", "name index outside")]
    [InlineData("0f2f0161", "name index outside, not indexed")]
    [InlineData("008118016a", "bad padding in name")]
    [InlineData("00016184ffffffff", "end of string in value")]
    [InlineData("007fffffffffff0f", "name length overflow")]
    [InlineData("3fe21f", "table size above the limit")]
    [InlineData("8220", "size update after a field")]
    [InlineData("3fffffffffff0f", "table size overflow")]
    public void Block_AgainstTheFormat_CompressionError(string hex, string why)
    {
        Assert.True(HpackText.Decode(new HpackDecoder(), HpackText.Bytes(hex), MessageKind.Request) is null, why);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("20", "")]
    [InlineData("203fe11f", "")]
    [InlineData("2082", ":method: GET\n")]
    public void SizeUpdate_BeforeFields_Accepted(string hex, string expected)
    {
        Assert.Equal(expected, HpackText.Decode(new HpackDecoder(), HpackText.Bytes(hex), MessageKind.Request));
    }

    [Fact]
    public void SizeUpdate_ToZero_EmptiesTable()
    {
        var decoder = new HpackDecoder();
        HpackText.Decode(decoder, HpackText.Bytes("400161016240016301 64"));
        Assert.Equal(2, decoder.Table.Count);
        HpackText.Decode(decoder, [0x20]);
        Assert.Equal(0, decoder.Table.Count);
        Assert.Equal(0, decoder.Table.SizeBytes);
    }

    [Fact]
    public void SizeUpdate_MissingAfterLimitShrank_CompressionError()
    {
        var decoder = new HpackDecoder();
        decoder.SetLimit(100);
        Assert.Null(HpackText.Decode(decoder, [0x82], MessageKind.Request));
    }

    [Fact]
    public void SizeUpdate_AfterLimitShrank_LetsBlocksThrough()
    {
        var decoder = new HpackDecoder();
        decoder.SetLimit(0);
        Assert.Equal(":method: GET\n", HpackText.Decode(decoder, [0x20, 0x82], MessageKind.Request));
        Assert.Equal(":method: GET\n", HpackText.Decode(decoder, [0x82], MessageKind.Request));
    }

    [Fact]
    public void Entry_LargerThanTable_EmptiesIt()
    {
        var decoder = new HpackDecoder();
        decoder.SetLimit(64);
        Assert.Equal("a: b\n", HpackText.Decode(decoder, HpackText.Bytes("3f21 4001610162")));
        Assert.Equal(1, decoder.Table.Count);
        byte[] large = [0x40, 0x01, 0x61, 40, .. System.Text.Encoding.ASCII.GetBytes(new string('v', 40))];
        Assert.NotNull(HpackText.Decode(decoder, large));
        Assert.Equal(0, decoder.Table.Count);
    }

    [Fact]
    public void Block_OfAnyBytes_NeverThrows()
    {
        var random = new Random(9113);
        for (int round = 0; round < 20_000; round++)
        {
            var decoder = new HpackDecoder();
            var builder = new HeaderBlockBuilder();
            for (int block = 0; block < 3; block++)
            {
                var bytes = new byte[random.Next(0, 60)];
                random.NextBytes(bytes);
                builder.Begin(new Sidecar.Http.Headers.HeaderMap(), MessageKind.Request, Sidecar.Http.Http2.Http2Settings.Default);
                if (!decoder.TryDecode(bytes, builder))
                {
                    break;
                }

                builder.Finish();
            }

            Assert.InRange(decoder.Table.SizeBytes, 0, 4096);
        }
    }
}
