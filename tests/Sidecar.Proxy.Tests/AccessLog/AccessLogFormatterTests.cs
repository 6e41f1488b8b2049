using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;
using Sidecar.Proxy.Tests.Substitution;

namespace Sidecar.Proxy.Tests.AccessLog;

public class AccessLogFormatterTests
{
    [Fact]
    public void Default_Exchange_EnvoysLine()
    {
        Assert.Equal(
            "[2018-04-03T23:58:08.123Z] \"GET /p/q?x=1&y HTTP/1.1\" 503 UH,URX 10 20 50 - \"-\" \"curl\" \"-\" \"a.test\" \"10.0.0.2:8080\"\n",
            Line(AccessLogFormatter.Default));
    }

    [Fact]
    public void Json_Tree_KeysSortedAndValuesTyped()
    {
        StructValue tree = Struct(
            ("z", StructValue.From("%RESPONSE_CODE%")),
            ("a", StructValue.From("code=%RESPONSE_CODE%")),
            ("missing", StructValue.From("%REQ(x-missing)%")),
            ("number", StructValue.From(1.5)),
            ("flag", StructValue.From(true)),
            ("nested", Struct(("m", StructValue.From("%DYNAMIC_METADATA(f:n)%")), ("l", StructValue.From([StructValue.From("%PROTOCOL%")])))));

        Assert.Equal(
            "{\"a\":\"code=503\",\"flag\":true,\"missing\":null,\"nested\":{\"l\":[\"HTTP/1.1\"],\"m\":{\"m\":[1,true]}},\"number\":1.5,\"z\":503}\n",
            Line(AccessLogFormatter.Json(tree)));
    }

    [Fact]
    public void Json_OmitEmptyValues_MissingLeftOut()
    {
        StructValue tree = Struct(
            ("a", StructValue.From("%REQ(x-missing)%")),
            ("b", Struct(("c", StructValue.From("%REQ(x-missing)%")))),
            ("d", StructValue.From("%PROTOCOL%")));

        Assert.Equal("{\"d\":\"HTTP/1.1\"}\n", Line(AccessLogFormatter.Json(tree, omitEmptyValues: true)));
    }

    [Theory]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("tab\there", "tab\\there")]
    [InlineData("\u0001", "\\u0001")]
    [InlineData("é😀", "é😀")]
    public void Json_TextWithSpecialBytes_Escaped(string value, string expected)
    {
        var output = new TextBuffer();
        var context = new FormatContext(new StreamInfo(), TestHeaders.Of(("x-a", value)));

        AccessLogFormatter.Json(Struct(("k", StructValue.From("%REQ(x-a)%")))).Format(output, in context);

        Assert.Equal($"{{\"k\":\"{expected}\"}}\n", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Json_InvalidUtf8_ReplacedSoThatTheLineStaysJson()
    {
        var output = new TextBuffer();
        var headers = TestHeaders.Of();
        headers.Add("x-a"u8, [0x61, 0xFF, 0x62]);
        var context = new FormatContext(new StreamInfo(), headers);

        AccessLogFormatter.Json(Struct(("k", StructValue.From("%REQ(x-a)%")))).Format(output, in context);

        Assert.Equal("{\"k\":\"a\uFFFDb\"}\n", Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Format_BufferChain_LineAppended()
    {
        var chain = new BufferChain(new SlabPool(SlabPool.DefaultSlabBytes, 1));
        FormatContext context = SubstitutionFormatTests.Context();

        AccessLogFormatter.Text("%PROTOCOL%\n").Format(chain, in context);

        Assert.Equal("HTTP/1.1\n", Encoding.UTF8.GetString(chain.Linearize((int)chain.Length)));
        chain.Clear();
    }

    private static StructValue Struct(params (string Key, StructValue Value)[] fields)
    {
        var dictionary = new Dictionary<string, StructValue>();
        foreach ((string key, StructValue value) in fields)
        {
            dictionary[key] = value;
        }

        return StructValue.From(dictionary);
    }

    private static string Line(AccessLogFormatter formatter)
    {
        var output = new TextBuffer();
        FormatContext context = SubstitutionFormatTests.Context();
        formatter.Format(output, in context);
        return Encoding.UTF8.GetString(output.Written);
    }
}
