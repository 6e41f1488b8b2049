using Envoy.Config.Cluster.V3;
using Envoy.Extensions.Filters.Network.TcpProxy.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Schema;

namespace Sidecar.Config.Tests.Schema;

public sealed class TypedConfigTests
{
    private static Any AnyOf(string yaml) => Any.Parser.ParseFrom(Documents.Encode("google.protobuf.Any", yaml));

    [Theory]
    [InlineData("{\"@type\": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s}")]
    [InlineData("{\"@type\": t/udpa.type.v1.TypedStruct, type_url: t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, value: {stat_prefix: s}}")]
    [InlineData("{\"@type\": t/xds.type.v3.TypedStruct, type_url: t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, value: {stat_prefix: s}}")]
    public void Parse_DirectOrInATypedStruct_GivesTheMessage(string yaml) => Assert.Equal("s", TypedConfig.Parse<TcpProxy>(AnyOf(yaml)).StatPrefix);

    [Fact]
    public void Parse_AnotherType_NamesBoth()
    {
        Any any = new() { TypeUrl = "type.googleapis.com/envoy.config.cluster.v3.Cluster" };
        TypedConfigException error = Assert.Throws<TypedConfigException>(() => TypedConfig.Parse<TcpProxy>(any));
        Assert.Contains("TcpProxy", error.Message);
        Assert.Contains("envoy.config.cluster.v3.Cluster", error.Message);
    }

    [Fact]
    public void Parse_TypedStructWithUnknownField_NamesTheField()
    {
        Any any = AnyOf("{\"@type\": t/udpa.type.v1.TypedStruct, type_url: t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, value: {nope: s}}");
        Assert.Contains("nope", Assert.Throws<TypedConfigException>(() => TypedConfig.Parse<TcpProxy>(any)).Message);
    }

    [Fact]
    public void Parse_BrokenBytes_Throws()
    {
        Any any = new() { TypeUrl = "t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", Value = ByteString.CopyFrom(0x0A, 0x7F) };
        Assert.Throws<TypedConfigException>(() => TypedConfig.Parse<TcpProxy>(any));
    }

    [Fact]
    public void Is_NestedTypeAndOddNames_AreRecognised()
    {
        Assert.True(TypedConfig.Is<Cluster.Types.RingHashLbConfig>(new Any { TypeUrl = "t/envoy.config.cluster.v3.Cluster.RingHashLbConfig" }));
        Assert.True(TypedConfig.Is<Istio.Envoy.Config.Filter.Http.Alpn.V2Alpha1.FilterConfig>(
            new Any { TypeUrl = "t/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig" }));
        Assert.True(TypedConfig.Is<Envoy.Extensions.TransportSockets.Http11Proxy.V3.Http11ProxyUpstreamTransport>(
            new Any { TypeUrl = "t/envoy.extensions.transport_sockets.http_11_proxy.v3.Http11ProxyUpstreamTransport" }));
        Assert.False(TypedConfig.Is<Cluster>(new Any()));
    }
}
