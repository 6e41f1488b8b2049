using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Config.Matchers;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using ClusterCase = Envoy.Config.Route.V3.RouteAction.ClusterSpecifierOneofCase;
using NotFoundProto = Envoy.Config.Route.V3.RouteAction.Types.ClusterNotFoundResponseCode;
using RouteActionProto = Envoy.Config.Route.V3.RouteAction;
using RoutingPriority = Envoy.Config.Core.V3.RoutingPriority;
using WeightedClusterProto = Envoy.Config.Route.V3.WeightedCluster;

namespace Sidecar.Config.Routes;

/// <summary><c>envoy.config.route.v3.RouteAction</c>: where a request is sent, and how. Thread: main.</summary>
internal static class RouteActionConverter
{
    private const long DefaultTimeoutMs = 15_000;

    public static RouteActionConfig Build(RouteActionProto proto, FieldScope at)
    {
        CheckUnsupported(proto, at);
        return new RouteActionConfig
        {
            Cluster = proto.Cluster,
            ClusterHeader = proto.ClusterHeader,
            WeightedClusters = proto.WeightedClusters is null ? null : BuildWeighted(proto.WeightedClusters, at.Field("weighted_clusters")),
            ClusterNotFoundResponseCode = proto.ClusterNotFoundResponseCode switch
            {
                NotFoundProto.NotFound => 404,
                NotFoundProto.InternalServerError => 500,
                _ => 503,
            },
            MetadataMatch = StructConverter.Build(proto.MetadataMatch),
            PrefixRewrite = proto.PrefixRewrite,
            RegexRewrite = StringMatcherConverter.Build(proto.RegexRewrite, at.Field("regex_rewrite")),
            HostRewriteLiteral = proto.HostRewriteLiteral,
            AutoHostRewrite = proto.AutoHostRewrite ?? false,
            HostRewriteHeader = proto.HostRewriteHeader,
            HostRewritePathRegex = StringMatcherConverter.Build(proto.HostRewritePathRegex, at.Field("host_rewrite_path_regex")),
            AppendXForwardedHost = proto.AppendXForwardedHost,
            TimeoutMs = Times.Ms(proto.Timeout, DefaultTimeoutMs, at, "timeout"),
            IdleTimeoutMs = Times.MsOrNull(proto.IdleTimeout, at, "idle_timeout"),
            MaxStreamDuration = BuildDuration(proto, at.Field("max_stream_duration")),
            MaxGrpcTimeoutMs = Times.MsOrNull(proto.MaxGrpcTimeout, at, "max_grpc_timeout"),
            GrpcTimeoutOffsetMs = Times.MsOrNull(proto.GrpcTimeoutOffset, at, "grpc_timeout_offset"),
            RetryPolicy = RetryPolicyConverter.Build(proto.RetryPolicy, at.Field("retry_policy")),
            HedgePolicy = RetryPolicyConverter.Build(proto.HedgePolicy),
            RequestMirrorPolicies = RouteTableConverter.MirrorPolicies(proto.RequestMirrorPolicies, at),
            HighPriority = proto.Priority == RoutingPriority.High,
            HashPolicy = HashPolicyConverter.Build(proto.HashPolicy, at),
            UpgradeConfigs = BuildUpgrades(proto.UpgradeConfigs),
            InternalRedirectPolicy = BuildInternalRedirect(proto, at),
        };
    }

    /// <summary>What would send the request elsewhere, or as something else, if it were ignored.</summary>
    private static void CheckUnsupported(RouteActionProto proto, FieldScope at)
    {
        switch (proto.ClusterSpecifierCase)
        {
            case ClusterCase.ClusterSpecifierPlugin:
                at.Error("cluster_specifier_plugin", "cluster specifier plugins are not supported");
                break;
            case ClusterCase.InlineClusterSpecifierPlugin:
                at.Error("inline_cluster_specifier_plugin", "cluster specifier plugins are not supported");
                break;
            case ClusterCase.None:
                at.Error("a cluster is required");
                break;
        }

        if (proto.PathRewritePolicy is { } policy)
        {
            ExtensionTable.Unknown("path rewrite policy", policy.Name, policy.TypedConfig, at.Field("path_rewrite_policy"));
        }

        if (proto.RetryPolicyTypedConfig is not null)
        {
            at.Error("retry_policy_typed_config", "retry policy extensions are not supported");
        }

        if ((proto.PrefixRewrite.Length > 0 ? 1 : 0) + (proto.RegexRewrite is not null ? 1 : 0) > 1)
        {
            at.Error("only one of prefix_rewrite and regex_rewrite can be given");
        }
    }

    private static WeightedClustersConfig BuildWeighted(WeightedClusterProto proto, FieldScope at)
    {
        ulong total = 0;
        var clusters = new ClusterWeightConfig[proto.Clusters.Count];
        for (int i = 0; i < clusters.Length; i++)
        {
            WeightedClusterProto.Types.ClusterWeight cluster = proto.Clusters[i];
            FieldScope there = at.Item("clusters", i);
            if (cluster.Name.Length > 0 == cluster.ClusterHeader.Length > 0)
            {
                there.Error("one of name and cluster_header is required");
            }

            total += cluster.Weight ?? 0;
            clusters[i] = new ClusterWeightConfig
            {
                Name = cluster.Name,
                ClusterHeader = cluster.ClusterHeader,
                Weight = cluster.Weight ?? 0,
                MetadataMatch = StructConverter.Build(cluster.MetadataMatch),
                HostRewriteLiteral = cluster.HostRewriteLiteral,
                Headers = HeadersConverter.Build(
                    cluster.RequestHeadersToAdd,
                    cluster.RequestHeadersToRemove,
                    cluster.ResponseHeadersToAdd,
                    cluster.ResponseHeadersToRemove,
                    there),
                TypedPerFilterConfig = PerFilterConverter.Build(cluster.TypedPerFilterConfig, there),
            };
        }

        if (total is 0 or > uint.MaxValue)
        {
            at.Error("clusters", "the sum of the weights must be between 1 and 4294967295");
        }

        return new WeightedClustersConfig { Clusters = clusters, HeaderName = proto.HeaderName };
    }

    private static MaxStreamDurationConfig? BuildDuration(RouteActionProto proto, FieldScope at) => proto.MaxStreamDuration is not { } duration
        ? null
        : new MaxStreamDurationConfig(
            Times.MsOrNull(duration.MaxStreamDuration_, at, "max_stream_duration"),
            Times.MsOrNull(duration.GrpcTimeoutHeaderMax, at, "grpc_timeout_header_max"),
            Times.MsOrNull(duration.GrpcTimeoutHeaderOffset, at, "grpc_timeout_header_offset"));

    private static UpgradeConfig[] BuildUpgrades(RepeatedField<RouteActionProto.Types.UpgradeConfig> protos)
    {
        var upgrades = new UpgradeConfig[protos.Count];
        for (int i = 0; i < upgrades.Length; i++)
        {
            upgrades[i] = new UpgradeConfig(protos[i].UpgradeType, protos[i].Enabled ?? true);
        }

        return upgrades;
    }

    private static InternalRedirectPolicyConfig? BuildInternalRedirect(RouteActionProto proto, FieldScope at)
    {
        if (proto.InternalRedirectPolicy is not { } policy)
        {
            return null;
        }

        FieldScope there = at.Field("internal_redirect_policy");
        for (int i = 0; i < policy.Predicates.Count; i++)
        {
            ExtensionTable.Unknown(
                "internal redirect predicate", policy.Predicates[i].Name, policy.Predicates[i].TypedConfig, there.Item("predicates", i));
        }

        var codes = new List<int>(policy.RedirectResponseCodes.Count);
        foreach (uint code in policy.RedirectResponseCodes)
        {
            if (code is 301 or 302 or 303 or 307 or 308)
            {
                codes.Add((int)code);
            }
        }

        return new InternalRedirectPolicyConfig
        {
            MaxInternalRedirects = policy.MaxInternalRedirects ?? 1,
            RedirectResponseCodes = policy.RedirectResponseCodes.Count == 0 ? [302] : codes,
            AllowCrossSchemeRedirect = policy.AllowCrossSchemeRedirect,
            ResponseHeadersToCopy = [.. policy.ResponseHeadersToCopy],
        };
    }
}
