using System.Collections.Generic;

namespace Sidecar.Core.Stats.Tags;

/// <summary>
/// Envoy's default tags: names and matching rules are part of its interface (dashboards depend on them). Most specific first; a name may
/// stand twice, the first match gives the value.
/// </summary>
internal static class DefaultTags
{
    private const string Value = @"[^\.]+";
    private const string Address = @"(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[[a-fA-F_\d]+\])_\d+";
    private const string Word = @"[\w-]+";

    /// <summary>A fresh list; the regexes are compiled once a process, at configuration.</summary>
    public static List<TagExtractor> Create() =>
    [
        new RegexTagExtractor("envoy.response_code", @"_rq(_(\d{3}))$", "_rq_"),
        new RegexTagExtractor("envoy.response_code_class", @"_rq_((\d))xx$", "_rq_"),
        new RegexTagExtractor(
            "envoy.dynamo_partition_id",
            $@"^http\.{Value}\.dynamodb\.table\.{Value}\.capacity\.{Value}(\.__partition_id=(\w{{7}}))$",
            ".dynamodb.table."),
        new RegexTagExtractor(
            "envoy.dynamo_operation",
            $@"^http\.{Value}\.dynamodb.(?:operation|table\.{Value}\.capacity)(\.({Value}))(?:\.|$)",
            ".dynamodb."),
        new TokenTagExtractor("envoy.mongo_callsite", "mongo.*.collection.*.callsite.$.query.**"),
        new RegexTagExtractor("envoy.dynamo_table", $@"^http\.{Value}\.dynamodb.(?:table|error)\.(({Value})\.)", ".dynamodb."),
        new TokenTagExtractor("envoy.mongo_collection", "mongo.*.collection.$.**.query.*"),
        new TokenTagExtractor("envoy.mongo_cmd", "mongo.*.cmd.$.**"),
        new TokenTagExtractor("envoy.grpc_bridge_method", "cluster.*.grpc.*.$.**"),
        new TokenTagExtractor("envoy.http_user_agent", "http.*.user_agent.$.**"),
        new TokenTagExtractor("envoy.virtual_cluster", "vhost.*.vcluster.$.**"),
        new TokenTagExtractor("envoy.fault_downstream_cluster", "http.*.fault.$.**"),
        new RegexTagExtractor("envoy.ssl_cipher", $@"^listener\..*?\.ssl\.ciphers(\.({Word}))$", ".ssl.ciphers."),
        new RegexTagExtractor("envoy.ssl_curve", $@"^(?:listener|cluster)\..*?\.ssl\.curves(\.({Word}))$", ".ssl.curves."),
        new RegexTagExtractor("envoy.ssl_sigalg", $@"^(?:listener|cluster)\..*?\.ssl\.sigalgs(\.({Word}))$", ".ssl.sigalgs."),
        new RegexTagExtractor("envoy.ssl_version", @"^(?:listener|cluster)\..*?\.ssl\.versions(\.(TLSv\d\.\d))$", ".ssl.versions."),
        new RegexTagExtractor("cipher_suite", $@"^cluster\.{Value}\.ssl\.ciphers(\.({Word}))$", ".ssl.ciphers."),
        new TokenTagExtractor("envoy.grpc_bridge_service", "cluster.*.grpc.$.**"),
        new TokenTagExtractor("envoy.tcp_prefix", "tcp.$.**"),
        new TokenTagExtractor("envoy.udp_prefix", "udp.$.**"),
        new TokenTagExtractor("envoy.clientssl_prefix", "auth.clientssl.$.**"),
        new TokenTagExtractor("envoy.ratelimit_prefix", "ratelimit.$.**"),
        new TokenTagExtractor("envoy.cluster_name", "cluster.$.**"),
        new RegexTagExtractor("envoy.http_conn_manager_prefix", $@"^listener\..*?\.http\.(({Value})\.)", ".http."),
        new TokenTagExtractor("envoy.ext_authz_prefix", "cluster.*.ext_authz.$.**"),
        new TokenTagExtractor("envoy.ext_authz_prefix", "http.*.ext_authz.$.**"),
        new TokenTagExtractor("envoy.http_conn_manager_prefix", "http.$.**"),
        new RegexTagExtractor(
            "envoy.worker_id", $@"^(?:listener\.(?:{Address}|{Value})\.|server\.|listener_manager\.)worker_((\d+)\.)", "worker_"),
        new RegexTagExtractor("envoy.listener_address", $@"^listener\.(({Address}|{Value})\.)", rejectedValue: "admin"),
        new TokenTagExtractor("envoy.virtual_host", "vhost.$.**"),
        new TokenTagExtractor("envoy.mongo_prefix", "mongo.$.**"),
        new RegexTagExtractor("envoy.rds_route_config", $@"^http\.{Value}\.rds\.(([\w\-\.]+)\.)\w+?$", ".rds."),
        new TokenTagExtractor("envoy.route", "vhost.*.route.$.**"),
        new TokenTagExtractor("envoy.thrift_prefix", "thrift.$.**"),
        new TokenTagExtractor("envoy.redis_prefix", "redis.$.**"),
        new TokenTagExtractor("envoy.local_http_ratelimit_prefix", "$.http_local_rate_limit.**"),
        new TokenTagExtractor("envoy.local_network_ratelimit_prefix", "local_rate_limit.$.**"),
        new TokenTagExtractor("envoy.local_listener_ratelimit_prefix", "listener_local_ratelimit.$.**"),
        new TokenTagExtractor("envoy.dns_filter_prefix", "dns_filter.$.**"),
    ];
}
