using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Tests.Http2.Hpack;

/// <summary>RFC 7541 appendix C, byte for byte.</summary>
public class Rfc7541ExamplesTests
{
    private const string FirstRequest = ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\n";

    private const string FirstResponse =
        ":status: 302\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n";

    private const string ThirdResponse =
        ":status: 200\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n"
        + "content-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n";

    [Theory]
    [InlineData("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", "custom-key: custom-header\n", 55)]
    [InlineData("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path\n", 0)]
    [InlineData("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret\n", 0)]
    [InlineData("82", ":method: GET\n", 0)]
    public void C2_Representations_Decoded(string hex, string expected, int tableBytes)
    {
        var decoder = new HpackDecoder();
        Assert.Equal(expected, HpackText.Decode(decoder, HpackText.Bytes(hex), MessageKind.Request));
        Assert.Equal(tableBytes, decoder.Table.SizeBytes);
    }

    [Theory]
    [InlineData(
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "8286 84be 5808 6e6f 2d63 6163 6865",
        "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65")]
    [InlineData(
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf")]
    public void C3AndC4_Requests_Decoded(string first, string second, string third)
    {
        var decoder = new HpackDecoder();
        Assert.Equal(FirstRequest, HpackText.Decode(decoder, HpackText.Bytes(first), MessageKind.Request));
        Assert.Equal(57, decoder.Table.SizeBytes);
        Assert.Equal(FirstRequest + "cache-control: no-cache\n", HpackText.Decode(decoder, HpackText.Bytes(second), MessageKind.Request));
        Assert.Equal(110, decoder.Table.SizeBytes);
        Assert.Equal(
            ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value\n",
            HpackText.Decode(decoder, HpackText.Bytes(third), MessageKind.Request));
        Assert.Equal(164, decoder.Table.SizeBytes);
        Assert.Equal("custom-key: custom-value\ncache-control: no-cache\n:authority: www.example.com\n", HpackText.Table(decoder.Table));
    }

    [Theory]
    [InlineData(
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
        "4803 3330 37c1 c0bf",
        "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31")]
    [InlineData(
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
        "4883 640e ffc1 c0bf",
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07")]
    public void C5AndC6_ResponsesWithEviction_Decoded(string first, string second, string third)
    {
        var decoder = new HpackDecoder();
        decoder.SetLimit(256);
        Assert.Equal(FirstResponse, HpackText.Decode(decoder, [0x3f, 0xe1, 0x01, .. HpackText.Bytes(first)], MessageKind.Response));
        Assert.Equal(222, decoder.Table.SizeBytes);
        Assert.Equal(
            FirstResponse.Replace("302", "307", System.StringComparison.Ordinal),
            HpackText.Decode(decoder, HpackText.Bytes(second), MessageKind.Response));
        Assert.Equal(222, decoder.Table.SizeBytes);
        Assert.Equal(ThirdResponse, HpackText.Decode(decoder, HpackText.Bytes(third), MessageKind.Response));
        Assert.Equal(215, decoder.Table.SizeBytes);
        Assert.Equal(
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\ncontent-encoding: gzip\ndate: Mon, 21 Oct 2013 20:13:22 GMT\n",
            HpackText.Table(decoder.Table));
    }
}
