using System;
using Sidecar.Http.Http2.Hpack;

namespace Sidecar.Http.Tests.Http2.Hpack;

public class HpackIntegerTests
{
    [Theory]
    [InlineData("0a", 5, 10)]
    [InlineData("1f9a0a", 5, 1337)]
    [InlineData("2a", 8, 42)]
    [InlineData("7f00", 7, 127)]
    [InlineData("7f80808000", 7, 127)]
    [InlineData("7f80ffffff07", 7, int.MaxValue)]
    public void Integer_OfAnyLength_Read(string hex, int prefixBits, int expected)
    {
        int position = 0;
        byte[] bytes = HpackText.Bytes(hex);
        Assert.True(HpackInteger.TryRead(bytes, ref position, prefixBits, out int value));
        Assert.Equal(expected, value);
        Assert.Equal(bytes.Length, position);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7f")]
    [InlineData("7f80")]
    [InlineData("7f81ffffff07")]
    [InlineData("7fffffffffff00")]
    [InlineData("7f808080808080808000")]
    public void Integer_CutShortOrTooLarge_Refused(string hex)
    {
        int position = 0;
        Assert.False(HpackInteger.TryRead(HpackText.Bytes(hex), ref position, 7, out _));
    }

    [Fact]
    public void Integer_WrittenAndRead_IsTheSame()
    {
        Span<byte> room = stackalloc byte[HpackInteger.MaxBytes];
        for (int prefixBits = 4; prefixBits <= 7; prefixBits++)
        {
            foreach (int value in (int[])[0, 1, 14, 15, 16, 30, 31, 62, 63, 126, 127, 128, 255, 16_383, 65_536, int.MaxValue])
            {
                int written = HpackInteger.Write(room, 0, prefixBits, value);
                int position = 0;
                Assert.True(HpackInteger.TryRead(room[..written], ref position, prefixBits, out int read));
                Assert.Equal(value, read);
            }
        }
    }
}
