using System;
using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Core.Stats.Tags;

namespace Sidecar.Core.Tests.Stats;

public sealed class TagExtractionTests
{
    [Theory]
    [InlineData("server.live", "server.live", "")]
    [InlineData("cluster.backend.upstream_rq_total", "cluster.upstream_rq_total", "envoy.cluster_name=backend")]
    [InlineData("cluster.backend.upstream_rq_503", "cluster.upstream_rq", "envoy.response_code=503;envoy.cluster_name=backend")]
    [InlineData("cluster.backend.upstream_rq_5xx", "cluster.upstream_rq_xx", "envoy.response_code_class=5;envoy.cluster_name=backend")]
    [InlineData("http.ingress.downstream_rq_2xx", "http.downstream_rq_xx", "envoy.response_code_class=2;envoy.http_conn_manager_prefix=ingress")]
    [InlineData("http.ingress.user_agent.ios.downstream_cx_total", "http.user_agent.downstream_cx_total", "envoy.http_user_agent=ios;envoy.http_conn_manager_prefix=ingress")]
    [InlineData("http.ingress.rds.local.route.update_success", "http.rds.update_success", "envoy.http_conn_manager_prefix=ingress;envoy.rds_route_config=local.route")]
    [InlineData("http.ingress.fault.svc.aborts_injected", "http.fault.aborts_injected", "envoy.fault_downstream_cluster=svc;envoy.http_conn_manager_prefix=ingress")]
    [InlineData("listener.0.0.0.0_8080.downstream_cx_total", "listener.downstream_cx_total", "envoy.listener_address=0.0.0.0_8080")]
    [InlineData("listener.[__1]_8080.downstream_cx_total", "listener.downstream_cx_total", "envoy.listener_address=[__1]_8080")]
    [InlineData("listener.ingress.downstream_cx_total", "listener.downstream_cx_total", "envoy.listener_address=ingress")]
    [InlineData("listener.admin.downstream_cx_total", "listener.admin.downstream_cx_total", "")]
    [InlineData("listener.0.0.0.0_80.http.ingress.downstream_rq_2xx", "listener.http.downstream_rq_xx", "envoy.response_code_class=2;envoy.http_conn_manager_prefix=ingress;envoy.listener_address=0.0.0.0_80")]
    [InlineData("listener.0.0.0.0_80.worker_3.downstream_cx_total", "listener.worker_downstream_cx_total", "envoy.worker_id=3;envoy.listener_address=0.0.0.0_80")]
    [InlineData("listener.0.0.0.0_80.ssl.ciphers.AES256-SHA", "listener.ssl.ciphers", "envoy.ssl_cipher=AES256-SHA;envoy.listener_address=0.0.0.0_80")]
    [InlineData("cluster.c.ssl.versions.TLSv1.3", "cluster.ssl.versions", "envoy.ssl_version=TLSv1.3;envoy.cluster_name=c")]
    [InlineData("cluster.c.ssl.ciphers.AES256-SHA", "cluster.ssl.ciphers", "cipher_suite=AES256-SHA;envoy.cluster_name=c")]
    [InlineData("server.worker_0.watchdog_miss", "server.worker_watchdog_miss", "envoy.worker_id=0")]
    [InlineData("vhost.vh.vcluster.vc.upstream_rq_200", "vhost.vcluster.upstream_rq", "envoy.response_code=200;envoy.virtual_cluster=vc;envoy.virtual_host=vh")]
    [InlineData("vhost.vh.route.r.upstream_rq_total", "vhost.route.upstream_rq_total", "envoy.virtual_host=vh;envoy.route=r")]
    [InlineData("cluster.c.grpc.pkg_Service.Method.success", "cluster.grpc.success", "envoy.grpc_bridge_method=Method;envoy.grpc_bridge_service=pkg_Service;envoy.cluster_name=c")]
    [InlineData("cluster.c.ext_authz.p.ok", "cluster.ext_authz.ok", "envoy.cluster_name=c;envoy.ext_authz_prefix=p")]
    [InlineData("tcp.p.downstream_cx_total", "tcp.downstream_cx_total", "envoy.tcp_prefix=p")]
    [InlineData("p.http_local_rate_limit.enabled", "http_local_rate_limit.enabled", "envoy.local_http_ratelimit_prefix=p")]
    [InlineData("mongo.m.collection.col.callsite.site.query.total", "mongo.collection.callsite.query.total", "envoy.mongo_callsite=site;envoy.mongo_collection=col;envoy.mongo_prefix=m")]
    public void DefaultTags_AreEnvoys(string name, string expectedName, string expectedTags) =>
        AssertExtracts(TagExtraction.Default, name, expectedName, expectedTags);

    [Fact]
    public void CustomTag_CutsTheFirstGroupAndTakesTheSecond() => AssertExtracts(
        TagExtraction.Create([new TagSpecifier("zone", @"(\.zone_(\w+?))\.")], useAllDefaultTags: false),
        "app.zone_eu.total",
        "app.total",
        "zone=eu");

    [Fact]
    public void CustomTag_BesideDefaults_BothApply() => AssertExtracts(
        TagExtraction.Create([new TagSpecifier("reporter", @"(reporter=\.=(.*?);\.;)")], useAllDefaultTags: true),
        "istio.reporter=.=source;.;requests_total_rq_200",
        "istio.requests_total_rq",
        "envoy.response_code=200;reporter=source");

    [Fact]
    public void FixedTag_IsOnEveryStat() => AssertExtracts(
        TagExtraction.Create([new TagSpecifier("pod", FixedValue: "a-1")], useAllDefaultTags: false), "server.live", "server.live", "pod=a-1");

    [Fact]
    public void WithoutDefaults_NamedOnesCanBeEnabled() => AssertExtracts(
        TagExtraction.Create([new TagSpecifier("envoy.cluster_name")], useAllDefaultTags: false),
        "cluster.a.upstream_rq_503",
        "cluster.upstream_rq_503",
        "envoy.cluster_name=a");

    [Theory]
    [InlineData("nosuch", null, "no default regex for name: 'nosuch'")]
    [InlineData("broken", "(", "stats tag 'broken': invalid regex")]
    public void Create_InvalidSpecifier_NamesTheTag(string name, string? regex, string expected)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(
            () => TagExtraction.Create([new TagSpecifier(name, regex)], useAllDefaultTags: true));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    private static void AssertExtracts(TagExtraction extraction, string name, string expectedName, string expectedTags)
    {
        var tags = new List<StatTag>();
        Assert.Equal(expectedName, extraction.Extract(name, tags));
        Assert.Equal(expectedTags, string.Join(';', tags.ConvertAll(t => $"{t.Name}={t.Value}")));
    }
}
