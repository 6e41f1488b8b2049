using System.IO;
using Sidecar.Config.Schema;

namespace Sidecar.Config.Tests.Schema;

public sealed class UnsupportedFieldReportTests
{
    private const string Cluster = "envoy.config.cluster.v3.Cluster";

    private static UnsupportedFieldReport Check(string supported, byte[] bytes) =>
        UnsupportedFieldReport.Check(SchemaTable.Api, SupportedFields.Parse(SchemaTable.Api, supported), Cluster, bytes, "clusters.foo");

    [Fact]
    public void Field_SetButNotListed_IsReportedWithItsPath()
    {
        byte[] bytes = Documents.Encode(Cluster, "{name: foo, connect_timeout: 1s}");
        Assert.Equal(["clusters.foo: connect_timeout"], Check($"{Cluster}: name", bytes).Unsupported);
    }

    [Fact]
    public void Field_InsideAny_IsReportedWithItsPath()
    {
        const string supported = """
            # what the test supports
            envoy.config.cluster.v3.Cluster: name, transport_socket
            envoy.config.core.v3.TransportSocket: *
            envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext: sni
            """;
        byte[] bytes = Documents.Encode(Cluster, """
            name: foo
            transport_socket:
              name: tls
              typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, sni: s, allow_renegotiation: true}
            """);
        Assert.Equal(["clusters.foo: transport_socket.typed_config.allow_renegotiation"], Check(supported, bytes).Unsupported);
    }

    [Fact]
    public void Field_Deprecated_IsReportedApart()
    {
        byte[] bytes = Documents.Encode(Cluster, "{name: foo, http2_protocol_options: {}}");
        Assert.Equal(["clusters.foo: http2_protocol_options"], Check($"{Cluster}: *", bytes).Deprecated);
    }

    [Fact]
    public void Field_NewerThanTheApi_IsReportedByNumber()
    {
        byte[] bytes = [.. Documents.Encode(Cluster, "{name: foo}"), 0x80, 0xFA, 0x01, 0x01];
        Assert.Equal(["clusters.foo (field 4000 of envoy.config.cluster.v3.Cluster)"], Check($"{Cluster}: *", bytes).Unsupported);
    }

    [Theory]
    [InlineData("no.such.Message: a")]
    [InlineData("envoy.config.cluster.v3.Cluster: no_such_field")]
    [InlineData("garbage")]
    public void List_NamesWhatDoesNotExist_IsRefused(string line) =>
        Assert.Throws<InvalidDataException>(() => SupportedFields.Parse(SchemaTable.Api, line));

    [Fact]
    public void List_Embedded_IsRight() => Assert.NotNull(SupportedFields.Embedded);
}
