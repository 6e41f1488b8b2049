namespace Sidecar.Config.Tests.Schema;

public sealed class ConstraintValidatorTests
{
    private const string Cluster = "envoy.config.cluster.v3.Cluster";

    [Theory]
    [InlineData(Cluster, "{name: c, connect_timeout: 0s}", "connect_timeout: Cluster.ConnectTimeout: value must be greater than 0s")]
    [InlineData(Cluster, "{}", "name: Cluster.Name: value length must be at least 1 characters")]
    [InlineData(Cluster, "{name: c, lb_policy: 77}", "lb_policy: Cluster.LbPolicy: value must be one of the defined enum values")]
    [InlineData("envoy.config.route.v3.VirtualHost", "{name: v}", "domains: VirtualHost.Domains: value must contain at least 1 item(s)")]
    [InlineData("envoy.config.core.v3.SocketAddress", "{address: a, port_value: 65536}", "port_value: SocketAddress.PortValue: value must be less than or equal to 65535")]
    [InlineData("envoy.config.core.v3.SocketAddress", "{address: a}", "port_specifier: SocketAddress.PortSpecifier: value is required")]
    [InlineData("envoy.config.core.v3.HeaderValue", "{key: \"a\\nb\"}", "key: HeaderValue.Key: value is not a valid HTTP header name")]
    [InlineData("envoy.config.cluster.v3.OutlierDetection", "{max_ejection_percent: 101}", "max_ejection_percent: OutlierDetection.MaxEjectionPercent: value must be less than or equal to 100")]
    [InlineData("envoy.extensions.clusters.dns.v3.DnsCluster", "{dns_failure_refresh_rate: {}}", "dns_failure_refresh_rate.base_interval: RefreshRate.BaseInterval: value is required")]
    public void Message_BreaksARule_TellsFieldAndRule(string messageName, string yaml, string expected) =>
        Assert.Equal([expected], Documents.Violations(messageName, yaml));

    [Theory]
    [InlineData(Cluster, "{name: c, connect_timeout: 1s}")]
    [InlineData(Cluster, "{name: c}")]
    [InlineData("envoy.config.core.v3.SocketAddress", "{address: a, port_value: 0}")]
    [InlineData("envoy.config.cluster.v3.OutlierDetection", "{max_ejection_percent: 0}")]
    [InlineData("envoy.config.core.v3.RuntimeFeatureFlag", "{default_value: true}")]
    [InlineData("envoy.config.route.v3.RouteMatch", "{prefix: /}")]
    public void Message_KeepsTheRules_IsSilent(string messageName, string yaml) => Assert.Empty(Documents.Violations(messageName, yaml));

    [Fact]
    public void Violations_Several_AreAllTold() => Assert.Equal(2, Documents.Violations(Cluster, "{connect_timeout: 0s}").Length);

    [Theory]
    [InlineData("{\"@type\": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, cluster: c}")]
    [InlineData("{\"@type\": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: a/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, value: {cluster: c}}")]
    public void Any_HoldsABadMessage_IsLookedInto(string any) =>
        Assert.Equal(
            ["typed_config.stat_prefix: TcpProxy.StatPrefix: value length must be at least 1 characters"],
            Documents.Violations("envoy.config.core.v3.TypedExtensionConfig", $"{{name: x, typed_config: {any}}}"));
}
