using System;
using Sidecar.Config.Resources;
using Sidecar.Config.Tests.Resources;
using Sidecar.Proxy.Routing;

namespace Sidecar.Config.Tests.Routes;

public sealed class RouteTableConverterTests : IDisposable
{
    private readonly PipelineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("prefix: /a")]
    [InlineData("path: /a, case_sensitive: false")]
    [InlineData("path_separated_prefix: /a")]
    [InlineData("safe_regex: { regex: \"/a.*\" }")]
    [InlineData("connect_matcher: {}")]
    [InlineData("prefix: /, headers: [{ name: x, exact_match: y }, { name: z, range_match: { start: 1, end: 3 } }, { name: p, present_match: true }]")]
    [InlineData("prefix: /, headers: [{ name: x, string_match: { contains: y, ignore_case: true }, invert_match: true }]")]
    [InlineData("prefix: /, query_parameters: [{ name: q, string_match: { suffix: s } }, { name: p, present_match: true }]")]
    [InlineData("prefix: /, grpc: {}, runtime_fraction: { default_value: { numerator: 5 } }, tls_context: { presented: true }")]
    [InlineData("prefix: /, dynamic_metadata: [{ filter: f, path: [{ key: k }], value: { double_match: { exact: 3 } } }]")]
    public void Match_EachKind_IsTaken(string match) => Accepted(Yaml.Routes(match: match));

    [Theory]
    [InlineData("route: { cluster: c, timeout: 3s, idle_timeout: 4s, prefix_rewrite: /b, host_rewrite_literal: h, priority: HIGH }")]
    [InlineData("route: { cluster_header: x-c, cluster_not_found_response_code: NOT_FOUND, auto_host_rewrite: true }")]
    [InlineData("route: { weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 3 }] } }")]
    [InlineData("route: { cluster: c, regex_rewrite: { pattern: { regex: \"^/(.*)$\" }, substitution: \"/x/\\\\1\" } }")]
    [InlineData("route: { cluster: c, retry_policy: { retry_on: 5xx, num_retries: 2, retry_back_off: { base_interval: 0.01s } } }")]
    [InlineData("route: { cluster: c, hash_policy: [{ header: { header_name: h } }, { cookie: { name: k, ttl: 0s } }] }")]
    [InlineData("redirect: { https_redirect: true, path_redirect: /p, response_code: FOUND }")]
    [InlineData("direct_response: { status: 418, body: { inline_string: tea } }")]
    [InlineData("non_forwarding_action: {}")]
    public void Action_EachKind_IsTaken(string route) => Accepted(Yaml.Routes(route));

    [Theory]
    [InlineData("{ retry_policy: { retry_on: 5xx, retry_host_predicate: [{ name: x, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate } }] } }")]
    [InlineData("{ require_tls: ALL, include_request_attempt_count: true, request_headers_to_add: [{ header: { key: a, value: \"%PROTOCOL%\" }, append: false }] }")]
    public void VirtualHost_Options_AreTaken(string yaml) =>
        Accepted(Yaml.Routes(virtualHost: yaml.Trim('{', '}').Trim().Replace(", request_headers", "\nrequest_headers", StringComparison.Ordinal)
            .Replace(", include", "\ninclude", StringComparison.Ordinal)));

    [Theory]
    [InlineData("prefix: /", "route: {}", "route.cluster_specifier: *")]
    [InlineData("safe_regex: { regex: \"(\" }", "route: { cluster: c }", "match.safe_regex.regex: *")]
    [InlineData("prefix: /, headers: [{ name: h, string_match: { safe_regex: { regex: \"[\" } } }]", "route: { cluster: c }",
        "match.headers[0].string_match.safe_regex.regex: *")]
    [InlineData("prefix: /", "route: { cluster_specifier_plugin: p }", "route.cluster_specifier_plugin: cluster specifier plugins are not supported")]
    [InlineData("prefix: /", "route: { cluster: c, regex_rewrite: { pattern: { regex: a }, substitution: \"\\\\2\" } }",
        "route.regex_rewrite.substitution: *")]
    [InlineData("prefix: /", "route: { weighted_clusters: { clusters: [{ name: a, weight: 0 }] } }",
        "route.weighted_clusters.clusters: the sum of the weights must be between 1 and 4294967295")]
    [InlineData("prefix: /", "direct_response: { status: 200, body: { filename: /nowhere/at/all } }", "direct_response.body.filename: *")]
    [InlineData("prefix: /", "route: { cluster: c }\nrequest_headers_to_add: [{ header: { key: x, value: \"%NOPE%\" } }]",
        "request_headers_to_add[0].header.value: *")]
    [InlineData("prefix: /", "route: { cluster: c }\nrequest_headers_to_remove: [host]", "request_headers_to_remove[0]: *")]
    [InlineData("prefix: /", "route: { cluster: c }\ntyped_per_filter_config: { x: { \"@type\": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy } }",
        "typed_per_filter_config[x]: there is no per-route configuration of the HTTP filter \"x\" with type URL"
        + " \"type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\"")]
    [InlineData("prefix: /", "route: { cluster: c, retry_policy: { retry_back_off: { base_interval: 2s, max_interval: 1s } } }",
        "route.retry_policy.retry_back_off.max_interval: must not be below base_interval")]
    public void Route_OneThingWrong_IsRejectedWithItsPath(string match, string route, string error)
    {
        string told = Assert.Single(PipelineFixture.Errors(_fixture.Routes(Yaml.Routes(route, match))));
        Assert.StartsWith("virtual_hosts[0].routes[0]." + error.TrimEnd('*'), told, StringComparison.Ordinal);
    }

    [Fact]
    public void VirtualHosts_SameDomainTwice_IsRejected()
    {
        TranslatedResource<RouteTable> translated = _fixture.Routes("""
            name: r
            virtual_hosts:
            - { name: a, domains: [x] }
            - { name: b, domains: [x] }
            """);
        Assert.Equal(["virtual_hosts"], PipelineFixture.Paths(translated));
    }

    [Fact]
    public void UnsupportedMatch_IsRejectedRatherThanIgnored()
    {
        // Field 16 of RouteMatch is newer than the API that we build with.
        byte[] match = [0x0A, 0x01, (byte)'/', 0x82, 0x01, 0x00];
        byte[] route = [0x0A, (byte)match.Length, .. match, 0x9A, 0x01, 0x00];
        byte[] host = [0x0A, 0x01, (byte)'v', 0x12, 0x01, (byte)'*', 0x1A, (byte)route.Length, .. route];
        byte[] table = [0x12, (byte)host.Length, .. host];
        TranslatedResource<RouteTable> translated = _fixture.Pipeline.TranslateRoutes(table, new TranslationOptions(RejectUnknownFields: false, AddedViaApi: true));
        Assert.Contains(PipelineFixture.Errors(translated), error => error.Contains("field 16 of envoy.config.route.v3.RouteMatch", StringComparison.Ordinal));
    }

    private void Accepted(string yaml) => PipelineFixture.Accepted(_fixture.Routes(yaml));
}
