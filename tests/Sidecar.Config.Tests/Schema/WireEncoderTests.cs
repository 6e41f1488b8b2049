using System.Text;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Tests.Schema;

public sealed class WireEncoderTests
{
    private const string ClusterName = "envoy.config.cluster.v3.Cluster";

    [Fact]
    public void Encode_FieldsInAnyOrder_WritesThemInNumberOrder()
    {
        byte[] bytes = Documents.Encode("envoy.config.core.v3.Node", "{cluster: c, id: i}");
        Assert.Equal(new Node { Id = "i", Cluster = "c" }.ToByteArray(), bytes);
    }

    [Theory]
    [InlineData("lb_policy: LEAST_REQUEST")]
    [InlineData("lbPolicy: LEAST_REQUEST")]
    [InlineData("lb_policy: least_request")]
    [InlineData("lb_policy: 1")]
    [InlineData("lb_policy: \"1\"")]
    public void Enum_EverySpelling_IsTaken(string yaml)
    {
        Cluster cluster = Cluster.Parser.ParseFrom(Documents.Encode(ClusterName, yaml));
        Assert.Equal(Cluster.Types.LbPolicy.LeastRequest, cluster.LbPolicy);
    }

    [Theory]
    [InlineData("\"32768\"", 32768)]
    [InlineData("32768", 32768)]
    [InlineData("3.2768e4", 32768)]
    [InlineData("0x10", 16)]
    public void Wrapper_NumberOrString_IsTaken(string value, uint expected)
    {
        Cluster cluster = Cluster.Parser.ParseFrom(Documents.Encode(ClusterName, "per_connection_buffer_limit_bytes: " + value));
        Assert.Equal(expected, cluster.PerConnectionBufferLimitBytes);
    }

    [Theory]
    [InlineData("4294967296", "out of range [0, 4294967295]")]
    [InlineData("-1", "out of range")]
    [InlineData("1.5", "expected an integer")]
    [InlineData("many", "expected an integer, not the string \"many\"")]
    [InlineData("true", "expected an integer, not the boolean true")]
    public void Integer_OutOfRangeOrOfAnotherKind_TellsWhy(string value, string reason)
    {
        ConfigError error = Documents.SingleError(ClusterName, "per_connection_buffer_limit_bytes: " + value);
        Assert.Equal("per_connection_buffer_limit_bytes", error.Path);
        Assert.Contains(reason, error.Message);
    }

    [Theory]
    [InlineData("0.25s", 0, 250_000_000)]
    [InlineData("-1.5s", -1, -500_000_000)]
    [InlineData("315576000000s", 315_576_000_000, 0)]
    [InlineData("0.000000001s", 0, 1)]
    public void Duration_Text_IsSecondsAndNanos(string text, long seconds, int nanos)
    {
        Cluster cluster = Cluster.Parser.ParseFrom(Documents.Encode(ClusterName, "connect_timeout: " + text));
        Assert.Equal(new Duration { Seconds = seconds, Nanos = nanos }, cluster.ConnectTimeout);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("5m")]
    [InlineData("s")]
    [InlineData("1.s.s")]
    [InlineData("1.0000000001s")]
    [InlineData("315576000001s")]
    [InlineData("{seconds: 5}")]
    public void Duration_NotOne_IsAnError(string text) =>
        Assert.Contains("expected a duration", Documents.SingleError(ClusterName, "connect_timeout: " + text).Message);

    [Fact]
    public void Repeated_SingleValue_IsOneItem()
    {
        byte[] bytes = Documents.Encode("envoy.config.route.v3.VirtualHost", "domains: example.com");
        Assert.Equal(["example.com"], Envoy.Config.Route.V3.VirtualHost.Parser.ParseFrom(bytes).Domains);
    }

    [Fact]
    public void Singular_Sequence_IsAnError() =>
        Assert.Contains("not a sequence", Documents.SingleError(ClusterName, "name: [a, b]").Message);

    [Fact]
    public void UnknownField_Met_IsCollectedWithItsPathAndPlace()
    {
        (_, ConfigErrors errors) = Documents.TryEncode(ClusterName, "name: c\ncircuit_breakers:\n  thresholds:\n  - nope: 1\n");
        Assert.True(errors.IsEmpty);
        ConfigError unknown = Assert.Single(errors.UnknownFields);
        Assert.Equal("test.yaml:4:5: circuit_breakers.thresholds[0].nope: unknown field of envoy.config.cluster.v3.CircuitBreakers.Thresholds", unknown.ToString());
    }

    [Theory]
    [InlineData("{lb_policy: RANDOM, lbPolicy: RANDOM}", "set twice")]
    [InlineData("{type: EDS, cluster_type: {name: x}}", "only one of type and cluster_type may be set")]
    public void Field_SetTwice_IsAnError(string yaml, string reason) => Assert.Contains(reason, Documents.SingleError(ClusterName, yaml).Message);

    [Fact]
    public void Errors_Several_AreAllTold()
    {
        (_, ConfigErrors errors) = Documents.TryEncode(ClusterName, "{connect_timeout: soon, lb_policy: BEST, name: [x]}");
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public void Any_Empty_IsAnEmptyMessage()
    {
        byte[] bytes = Documents.Encode("envoy.config.core.v3.TypedExtensionConfig", "{name: x, typed_config: {}}");
        Assert.Equal(new TypedExtensionConfig { Name = "x", TypedConfig = new Any() }.ToByteArray(), bytes);
    }

    [Theory]
    [InlineData("{\"@type\": type.googleapis.com/no.such.Type}", "unknown type \"type.googleapis.com/no.such.Type\"")]
    [InlineData("{name: x}", "no \"@type\"")]
    [InlineData("text", "expected a mapping with \"@type\"")]
    public void Any_WithoutKnownType_TellsWhy(string yaml, string reason) =>
        Assert.Contains(reason, Documents.SingleError("google.protobuf.Any", yaml).Message);

    [Fact]
    public void Any_OfWellKnownType_HoldsTheValue()
    {
        Any any = Any.Parser.ParseFrom(Documents.Encode("google.protobuf.Any", "{\"@type\": type.googleapis.com/google.protobuf.Duration, value: 2s}"));
        Assert.Equal(new Duration { Seconds = 2 }.ToByteString(), any.Value);
    }

    [Fact]
    public void Struct_AnyShape_KeepsKinds()
    {
        Node node = Node.Parser.ParseFrom(Documents.Encode("envoy.config.core.v3.Node", "metadata: {a: 1, b: \"1\", c: [true, null], d: {e: x}}"));
        Assert.Equal(1, node.Metadata.Fields["a"].NumberValue);
        Assert.Equal("1", node.Metadata.Fields["b"].StringValue);
        Assert.Equal(Value.KindOneofCase.NullValue, node.Metadata.Fields["c"].ListValue.Values[1].KindCase);
        Assert.Equal("x", node.Metadata.Fields["d"].StructValue.Fields["e"].StringValue);
    }

    [Theory]
    [InlineData("+/8=")]
    [InlineData("-_8=")]
    [InlineData("-_8")]
    public void Bytes_BothAlphabets_AreTaken(string base64)
    {
        DataSource source = DataSource.Parser.ParseFrom(Documents.Encode("envoy.config.core.v3.DataSource", $"inline_bytes: \"{base64}\""));
        Assert.Equal(new byte[] { 0xFB, 0xFF }, source.InlineBytes.ToByteArray());
    }

    [Fact]
    public void Map_OfMessages_IsWritten()
    {
        const string yaml = "typed_extension_protocol_options: {a: {\"@type\": type.googleapis.com/google.protobuf.BoolValue, value: true}}";
        Cluster cluster = Cluster.Parser.ParseFrom(Documents.Encode(ClusterName, yaml));
        Assert.Equal("type.googleapis.com/google.protobuf.BoolValue", cluster.TypedExtensionProtocolOptions["a"].TypeUrl);
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData(".inf", double.PositiveInfinity)]
    public void Double_NotFinite_IsTaken(string text, double expected)
    {
        DoubleValue value = DoubleValue.Parser.ParseFrom(Documents.Encode("google.protobuf.DoubleValue", text));
        Assert.Equal(expected, value.Value);
    }

    [Fact]
    public void Nesting_TooDeep_IsAnErrorAndNotACrash()
    {
        StringBuilder yaml = new();
        for (int i = 0; i < 150; i++)
        {
            yaml.Append("{not_match: ");
        }

        yaml.Append("{}").Append('}', 150);
        Assert.Contains("nested deeper", Documents.SingleError("envoy.config.common.matcher.v3.MatchPredicate", yaml.ToString()).Message);
    }

    [Fact]
    public void TypedStruct_Unwrapped_IsTheMessageThatItNames()
    {
        const string yaml = """
            "@type": type.googleapis.com/udpa.type.v1.TypedStruct
            type_url: type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener
            value: {buffer_size_kb: 64}
            """;
        TypedPayload payload = TypedPayload.Unwrap(SchemaTable.Api, Documents.Encode("google.protobuf.Any", yaml));
        Assert.True(payload.WasStruct);
        Assert.Equal("envoy.extensions.bootstrap.internal_listener.v3.InternalListener", payload.Message!.FullName);
        Assert.Equal([0x0A, 0x02, 0x08, 64], payload.Bytes.ToArray());
    }
}
