using System;
using System.Linq;
using Sidecar.Config.Resources;
using Sidecar.Config.Tests.Resources;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Config.Tests.Clusters;

public sealed class ClusterConverterTests : IDisposable
{
    private const string OneHost = """
        load_assignment:
          cluster_name: a
          endpoints:
          - lb_endpoints:
            - endpoint: { address: { socket_address: { address: 10.0.0.1, port_value: 80 } } }
        """;

    private const string OneName = """
        load_assignment:
          cluster_name: a
          endpoints:
          - lb_endpoints:
            - endpoint: { address: { socket_address: { address: a.example, port_value: 80 } } }
        """;

    private readonly PipelineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void StaticCluster_NothingElseSet_HasEnvoysDefaults()
    {
        ClusterModel model = Accepted("");
        Assert.Equal("a", model.Name);
        Assert.Equal(ClusterDiscoveryType.Static, model.Type);
        Assert.Equal(5000, model.Connection.ConnectTimeoutMs);
        Assert.Equal(1024 * 1024, model.Connection.PerConnectionBufferLimitBytes);
        Assert.Equal(1024u, model.CircuitBreakers.DefaultPriority.MaxConnections);
        Assert.Equal(3u, model.CircuitBreakers.HighPriority.MaxRetries);
        Assert.Equal(50, model.CommonLb.HealthyPanicThresholdPercent);
        Assert.Equal(UpstreamHttpVersion.Http1, model.HttpVersion);
        Assert.True(model.AddedViaApi);
        Assert.Equal("10.0.0.1:80", model.LoadAssignment.Localities.Single().Endpoints.Single().Address.ToString());
    }

    [Theory]
    [InlineData("{}", LoadBalancerPolicy.RoundRobin)]
    [InlineData("{ lb_policy: LEAST_REQUEST }", LoadBalancerPolicy.LeastRequest)]
    [InlineData("{ lb_policy: RANDOM }", LoadBalancerPolicy.Random)]
    public void LbPolicy_Known_IsTaken(string yaml, LoadBalancerPolicy policy) => Assert.Equal(policy, Accepted(yaml).LoadBalancer.Policy);

    [Fact]
    public void LoadBalancingPolicy_SeveralListed_FirstKnownIsTaken()
    {
        ClusterModel model = Accepted("""
            load_balancing_policy:
              policies:
              - typed_extension_config:
                  name: newest
                  typed_config: { "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.maglev.v3.Maglev }
              - typed_extension_config:
                  name: known
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest
                    choice_count: 5
                    locality_lb_config: { locality_weighted_lb_config: {} }
            """);
        Assert.Equal(LoadBalancerPolicy.LeastRequest, model.LoadBalancer.Policy);
        Assert.Equal(5u, model.LoadBalancer.ChoiceCount);
        Assert.True(model.CommonLb.LocalityWeighted);
    }

    [Fact]
    public void CircuitBreakers_BothPriorities_AreKeptApart()
    {
        ClusterModel model = Accepted("""
            circuit_breakers:
              thresholds:
              - { max_connections: 7, retry_budget: { budget_percent: { value: 33 } } }
              - { priority: HIGH, max_requests: 9 }
              per_host_thresholds: [{ max_connections: 2 }]
            """);
        Assert.Equal(7u, model.CircuitBreakers.DefaultPriority.MaxConnections);
        Assert.Equal(33, model.CircuitBreakers.DefaultPriority.RetryBudget!.BudgetPercent);
        Assert.Equal(9u, model.CircuitBreakers.HighPriority.MaxRequests);
        Assert.Equal(2u, model.CircuitBreakers.PerHostMaxConnections);
    }

    [Theory]
    [InlineData("http2_protocol_options: {}", UpstreamHttpVersion.Http2)]
    [InlineData("protocol_selection: USE_DOWNSTREAM_PROTOCOL", UpstreamHttpVersion.UseDownstream)]
    [InlineData("explicit_http_config: { http2_protocol_options: { max_concurrent_streams: 3 } }", UpstreamHttpVersion.Http2)]
    [InlineData("explicit_http_config: { http_protocol_options: {} }", UpstreamHttpVersion.Http1)]
    [InlineData("use_downstream_protocol_config: {}", UpstreamHttpVersion.UseDownstream)]
    [InlineData("auto_config: {}", UpstreamHttpVersion.Auto)]
    public void HttpVersion_OldAndNewSpelling_IsTaken(string yaml, UpstreamHttpVersion version)
    {
        bool isOld = yaml.StartsWith("http2", StringComparison.Ordinal) || yaml.StartsWith("protocol", StringComparison.Ordinal);
        Assert.Equal(version, Accepted(isOld ? yaml : Options(yaml)).HttpVersion);
    }

    [Fact]
    public void HttpOptions_CommonOnes_AreTaken()
    {
        ClusterModel model = Accepted(Options("""
            common_http_protocol_options: { idle_timeout: 1.5s, max_requests_per_connection: 11, max_headers_count: 17 },
                explicit_http_config: { http2_protocol_options: { initial_stream_window_size: 65536 } }
            """));
        Assert.Equal(1500, model.CommonHttp.IdleTimeoutMs);
        Assert.Equal(11u, model.CommonHttp.MaxRequestsPerConnection);
        Assert.Equal(17, model.Http2.MaxHeadersCount);
        Assert.Equal(65536, model.Http2.InitialStreamWindowBytes);
    }

    [Fact]
    public void StrictDns_Names_AreKeptWithTheirRates()
    {
        ClusterModel model = PipelineFixture.Accepted(_fixture.Cluster($$"""
            name: a
            type: STRICT_DNS
            dns_refresh_rate: 7s
            dns_failure_refresh_rate: { base_interval: 2s }
            dns_lookup_family: V4_ONLY
            {{OneName}}
            """));
        Assert.Equal(ClusterDiscoveryType.StrictDns, model.Type);
        Assert.Equal("a.example", model.DnsLocalities.Single().Endpoints.Single().DnsName);
        Assert.Equal(7000, model.Dns.RefreshRateMs);
        Assert.Equal(2000, model.Dns.FailureBaseIntervalMs);
        Assert.Equal(20_000, model.Dns.FailureMaxIntervalMs);
        Assert.Equal(DnsLookupFamily.V4Only, model.Dns.LookupFamily);
    }

    [Theory]
    [InlineData("STRICT", ClusterDiscoveryType.StrictDns)]
    [InlineData("LOGICAL", ClusterDiscoveryType.LogicalDns)]
    public void DnsClusterExtension_EachType_IsTaken(string type, ClusterDiscoveryType expected)
    {
        ClusterModel model = PipelineFixture.Accepted(_fixture.Cluster($$"""
            name: a
            cluster_type:
              name: envoy.cluster.dns
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster
                dns_discovery_type: {{type}}
                dns_refresh_rate: 9s
            {{OneName}}
            """));
        Assert.Equal(expected, model.Type);
        Assert.Equal(9000, model.Dns.RefreshRateMs);
    }

    [Fact]
    public void EdsCluster_WithServiceName_AsksForItsEndpoints()
    {
        TranslatedResource<ClusterModel> translated = _fixture.Cluster("""
            name: a
            type: EDS
            eds_cluster_config: { service_name: b, eds_config: { ads: {} } }
            """);
        Assert.Equal("b", PipelineFixture.Accepted(translated).EdsServiceName);
        Assert.Equal("b", Assert.Single(translated.Subscriptions).Name);
    }

    [Fact]
    public void LoadAssignment_HealthWeightAndMetadata_AreTaken()
    {
        HostModel host = PipelineFixture.Accepted(_fixture.Endpoints("""
            cluster_name: a
            endpoints:
            - locality: { region: r, zone: z }
              load_balancing_weight: 3
              lb_endpoints:
              - endpoint: { hostname: h, address: { pipe: { path: "@x" } } }
                health_status: DRAINING
                load_balancing_weight: 5
                metadata: { filter_metadata: { envoy.lb: { canary: true } } }
            """)).Localities.Single().Endpoints.Single();
        Assert.Equal("@x", host.Address.ToString());
        Assert.Equal(EndpointHealthStatus.Draining, host.HealthStatus);
        Assert.Equal(5u, host.Weight);
        Assert.True(host.Canary);
        Assert.Equal("h", host.Hostname);
    }

    [Fact]
    public void DropOverloads_TwoCategories_TakeTheirShareOneAfterTheOther()
    {
        LoadAssignmentModel model = PipelineFixture.Accepted(_fixture.Endpoints("""
            cluster_name: a
            policy:
              overprovisioning_factor: 200
              drop_overloads:
              - { category: x, drop_percentage: { numerator: 50 } }
              - { category: y, drop_percentage: { numerator: 5000, denominator: TEN_THOUSAND } }
            """));
        Assert.Equal(750_000u, model.DropOverloadPerMillion);
        Assert.Equal(200u, model.OverprovisioningFactorPercent);
    }

    [Theory]
    [InlineData("lb_policy: MAGLEV", "lb_policy: Maglev is not supported")]
    [InlineData("lb_policy: RING_HASH", "lb_policy: RingHash is not supported")]
    [InlineData("connect_timeout: 0s", "connect_timeout: Cluster.ConnectTimeout: value must be greater than 0s")]
    [InlineData("type: ORIGINAL_DST", "type: ORIGINAL_DST clusters are not supported")]
    [InlineData("type: LOGICAL_DNS", "load_assignment: a DNS cluster needs the names that it resolves")]
    [InlineData("type: EDS", "eds_cluster_config.eds_config: a configuration source is required")]
    [InlineData("transport_socket: { name: tls, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext } }",
        "transport_socket.typed_config: there is no transport socket \"tls\" with type URL"
        + " \"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext\"")]
    [InlineData("lb_subset_config: { subset_selectors: [{ keys: [x] }] }", "lb_subset_config: subsets are not supported")]
    [InlineData("load_assignment: { cluster_name: a, endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: b.example, port_value: 1 } } } }] }] }",
        "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address: malformed IP address: b.example")]
    [InlineData("load_assignment: { cluster_name: a, endpoints: [{ priority: 2 }] }",
        "load_assignment.endpoints: priorities must leave none out: 0 is missing below 2")]
    [InlineData("upstream_bind_config: { source_address: { address: nowhere, port_value: 0 } }",
        "upstream_bind_config.source_address.address: malformed IP address: nowhere")]
    public void Cluster_OneThingWrong_IsRejectedWithItsPath(string yaml, string error) =>
        Assert.Equal([error], PipelineFixture.Errors(_fixture.Cluster("name: a\n" + yaml)));

    [Fact]
    public void Cluster_SeveralThingsWrong_AllAreTold() => Assert.Equal(
        ["type", "lb_policy", "circuit_breakers.per_host_thresholds[0]"],
        PipelineFixture.Paths(_fixture.Cluster("""
            name: a
            type: ORIGINAL_DST
            lb_policy: RING_HASH
            circuit_breakers: { per_host_thresholds: [{ max_requests: 1 }] }
            """)));

    [Fact]
    public void Cluster_SetsWhatIsNotSupported_IsAcceptedAndTold()
    {
        TranslatedResource<ClusterModel> translated = _fixture.Cluster("""
            name: a
            outlier_detection: { consecutive_5xx: 3 }
            """);
        Assert.True(translated.IsAccepted);
        Assert.Equal(["outlier_detection"], translated.Unsupported);
    }

    private static string Options(string body) => $$"""
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            { "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, {{body}} }
        """;

    private ClusterModel Accepted(string yaml)
    {
        string rest = yaml.StartsWith('{') ? yaml.Trim('{', '}').Trim() : yaml;
        return PipelineFixture.Accepted(_fixture.Cluster($"name: a\n{rest}\n{OneHost}\n"));
    }
}
