using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Proxy.Routing;
using RouteConfigurationProto = Envoy.Config.Route.V3.RouteConfiguration;

namespace Sidecar.Config.Routes;

/// <summary><c>envoy.config.route.v3.RouteConfiguration</c>. Thread: main.</summary>
public static class RouteTableConverter
{
    private const int DefaultMaxBodyBytes = 4096;

    /// <summary>The compiled table; null when errors were told.</summary>
    public static RouteTable? Build(RouteConfigurationProto proto, FieldScope at)
    {
        int before = at.Context.Errors.Count;
        RouteTableConfig config = BuildConfig(proto, at);
        if (at.Context.Errors.Count > before)
        {
            return null;
        }

        try
        {
            return RouteTable.Build(config, at.Services.Clusters.Names.Intern);
        }
        catch (RouteConfigException wrong)
        {
            foreach (string error in wrong.Errors)
            {
                at.Error("virtual_hosts", error);
            }

            return null;
        }
    }

    private static RouteTableConfig BuildConfig(RouteConfigurationProto proto, FieldScope at)
    {
        if (proto.Vhds is not null)
        {
            at.Error("vhds", "virtual hosts on demand are not supported");
        }

        int maxBodyBytes = (int)uint.Min(proto.MaxDirectResponseBodySizeBytes ?? DefaultMaxBodyBytes, int.MaxValue);
        var virtualHosts = new VirtualHostConfig[proto.VirtualHosts.Count];
        for (int i = 0; i < virtualHosts.Length; i++)
        {
            virtualHosts[i] = VirtualHostConverter.Build(proto.VirtualHosts[i], maxBodyBytes, at.Item("virtual_hosts", i));
        }

        return new RouteTableConfig
        {
            Name = proto.Name,
            VirtualHosts = virtualHosts,
            InternalOnlyHeaders = [.. proto.InternalOnlyHeaders],
            Headers = HeadersConverter.Build(
                proto.RequestHeadersToAdd, proto.RequestHeadersToRemove, proto.ResponseHeadersToAdd, proto.ResponseHeadersToRemove, at),
            MostSpecificHeaderMutationsWins = proto.MostSpecificHeaderMutationsWins,
            IgnorePortInHostMatching = proto.IgnorePortInHostMatching,
            IgnorePathParametersInPathMatching = proto.IgnorePathParametersInPathMatching,
            MaxDirectResponseBodySizeBytes = (uint)maxBodyBytes,
            TypedPerFilterConfig = PerFilterConverter.Build(proto.TypedPerFilterConfig, at),
            RequestMirrorPolicies = MirrorPolicies(proto.RequestMirrorPolicies, at),
            Metadata = StructConverter.Build(proto.Metadata),
        };
    }

    internal static IReadOnlyList<RequestMirrorPolicyConfig> MirrorPolicies(
        RepeatedField<Envoy.Config.Route.V3.RouteAction.Types.RequestMirrorPolicy> protos, FieldScope at)
    {
        var policies = new RequestMirrorPolicyConfig[protos.Count];
        for (int i = 0; i < policies.Length; i++)
        {
            FieldScope there = at.Item("request_mirror_policies", i);
            policies[i] = new RequestMirrorPolicyConfig
            {
                Cluster = protos[i].Cluster,
                ClusterHeader = protos[i].ClusterHeader,
                RuntimeFraction = RuntimeFractions.Build(protos[i].RuntimeFraction, there.Field("runtime_fraction")),
                TraceSampled = protos[i].TraceSampled ?? true,
                DisableShadowHostSuffixAppend = protos[i].DisableShadowHostSuffixAppend,
            };
            if (protos[i].Cluster.Length > 0 == protos[i].ClusterHeader.Length > 0)
            {
                there.Error("one of cluster and cluster_header is required");
            }
        }

        return policies;
    }
}
