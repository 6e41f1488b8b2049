using System;
using System.Text.Json;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Tests.Schema;

public sealed class WireJsonWriterTests
{
    [Theory]
    [InlineData("envoy.config.cluster.v3.Cluster", "{\"name\":\"c\",\"connect_timeout\":\"0.250s\",\"lb_policy\":\"MAGLEV\"}")]
    [InlineData("envoy.config.core.v3.Node", "{\"metadata\":{\"a\":[1,null,\"x\",{\"b\":true}]}}")]
    [InlineData("google.protobuf.Any", "{\"@type\":\"type.googleapis.com/google.protobuf.UInt64Value\",\"value\":\"18446744073709551615\"}")]
    [InlineData("google.protobuf.DoubleValue", "\"NaN\"")]
    [InlineData("google.protobuf.Timestamp", "\"2026-02-03T04:05:06.700Z\"")]
    [InlineData("google.protobuf.FieldMask", "\"a.bC,d\"")]
    [InlineData("envoy.config.core.v3.DataSource", "{\"inline_bytes\":\"AAEC\"}")]
    [InlineData("stats.MetricConfig", "{\"dimensions\":{\"k\":\"v\"}}")]
    [InlineData("google.protobuf.Any", "{\"@type\":\"type.googleapis.com/xds.type.v3.TypedStruct\",\"type_url\":\"a/b.C\",\"value\":{\"k\":1}}")]
    public void Json_EncodedAndWritten_IsTheSame(string messageName, string json) =>
        Assert.Equal(json, Documents.ToJson(messageName, Documents.Encode(messageName, json)));

    [Fact]
    public void Any_OfUnknownType_KeepsTheBytes()
    {
        byte[] any = [0x0A, 0x03, (byte)'a', (byte)'/', (byte)'b', 0x12, 0x01, 0xFF];
        Assert.Equal("{\"@type\":\"a/b\",\"value\":\"/w==\"}", Documents.ToJson("google.protobuf.Any", any));
    }

    [Fact]
    public void SensitiveField_Written_IsRedacted()
    {
        const string name = "envoy.extensions.transport_sockets.tls.v3.Secret";
        byte[] bytes = Documents.Encode(name, "{name: s, tls_certificate: {private_key: {inline_string: key}, certificate_chain: {inline_string: pem}}}");
        string json = Documents.ToJson(name, bytes);
        Assert.Contains("\"private_key\":{\"inline_string\":\"[redacted]\"}", json);
        Assert.Contains("\"certificate_chain\":{\"inline_string\":\"pem\"}", json);
    }

    [Fact]
    public void SensitiveField_InTypedStruct_IsRedacted()
    {
        const string yaml = """
            "@type": type.googleapis.com/xds.type.v3.TypedStruct
            type_url: type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.TlsCertificate
            value: {private_key: {inline_string: key}}
            """;
        Assert.DoesNotContain("\"key\"", Documents.ToJson("google.protobuf.Any", Documents.Encode("google.protobuf.Any", yaml)));
    }

    [Fact]
    public void Mask_Given_KeepsOnlyWhatItNames()
    {
        const string name = "envoy.config.cluster.v3.Cluster";
        byte[] bytes = Documents.Encode(name, "{name: c, connect_timeout: 1s, circuit_breakers: {thresholds: [{max_requests: 1, max_retries: 2}]}}");
        Assert.Equal(
            "{\"name\":\"c\",\"circuit_breakers\":{\"thresholds\":[{\"max_retries\":2}]}}",
            Documents.ToJson(name, bytes, "name,circuit_breakers.thresholds.max_retries"));
    }

    [Fact]
    public void SingularMessage_TwiceOnTheWire_IsMerged()
    {
        byte[] one = Documents.Encode("envoy.config.core.v3.Node", "{locality: {region: r}}");
        byte[] two = Documents.Encode("envoy.config.core.v3.Node", "{locality: {zone: z}}");
        Assert.Equal("{\"locality\":{\"region\":\"r\",\"zone\":\"z\"}}", Documents.ToJson("envoy.config.core.v3.Node", [.. one, .. two]));
    }

    /// <summary>
    /// Bytes that are no message, or only partly one, come from control planes and disks; whatever they are, the walk ends and the JSON
    /// is JSON.
    /// </summary>
    [Fact]
    public void Walks_MutatedBytes_NeverThrow()
    {
        const string name = "envoy.config.listener.v3.Listener";
        byte[] seed = Documents.Encode(name, """
            name: l
            address: {socket_address: {address: 0.0.0.0, port_value: 80}}
            filter_chains:
            - filters:
              - name: tcp
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: c}
              - name: s
                typed_config:
                  "@type": type.googleapis.com/udpa.type.v1.TypedStruct
                  type_url: type.googleapis.com/envoy.tcp.metadataexchange.config.MetadataExchange
                  value: {protocol: istio-peer-exchange}
            metadata: {filter_metadata: {a: {b: [1, {c: null}]}}}
            """);
        Random random = new(20260203);
        for (int round = 0; round < 4000; round++)
        {
            byte[] bytes = [.. seed];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Array.Resize(ref bytes, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            using JsonDocument json = JsonDocument.Parse(Documents.ToJson(name, bytes));
            ConstraintValidator.Check(SchemaTable.Api, Documents.Message(name), bytes, new ConfigErrors());
            _ = UnsupportedFieldReport.Check(SchemaTable.Api, SupportedFields.Embedded, name, bytes);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
    }

    [Fact]
    public void Nesting_TooDeepOnTheWire_IsCutOff()
    {
        byte[] bytes = [];
        for (int i = 0; i < 120; i++)
        {
            WireBuffer outer = new();
            outer.WriteTag(3, WireType.LengthDelimited);
            outer.WriteBytes(bytes);
            bytes = outer.ToArray();
        }

        Assert.Contains("null", Documents.ToJson("envoy.config.common.matcher.v3.MatchPredicate", bytes));
    }
}
