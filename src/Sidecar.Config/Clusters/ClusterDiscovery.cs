using System.Collections.Generic;
using Envoy.Config.Endpoint.V3;
using Envoy.Extensions.Clusters.Dns.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Config.Endpoints;
using Sidecar.Config.Schema;
using Sidecar.Config.Values;
using Sidecar.Upstream.Clusters;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;
using DnsFamilyProto = Envoy.Extensions.Clusters.Common.Dns.V3.DnsLookupFamily;

namespace Sidecar.Config.Clusters;

/// <summary>How a cluster finds its hosts: <c>type</c> or <c>cluster_type</c>, and what goes with it. Immutable. Thread: main.</summary>
internal sealed record ClusterDiscovery
{
    private const string EdsTypeUrl = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    private const long DefaultRefreshRateMs = 5000;
    private const int BackOffRatio = 10;

    public ClusterDiscoveryType Type { get; init; }

    public string EdsServiceName { get; init; } = string.Empty;

    public DnsSettings Dns { get; init; } = DnsSettings.Default;

    public IReadOnlyList<DnsLocality> DnsLocalities { get; init; } = [];

    public static ClusterDiscovery Build(ClusterProto proto, FieldScope at)
    {
        if (proto.ClusterDiscoveryTypeCase == ClusterProto.ClusterDiscoveryTypeOneofCase.ClusterType)
        {
            return BuildExtension(proto, at);
        }

        switch (proto.Type)
        {
            case ClusterProto.Types.DiscoveryType.StrictDns:
                return BuildDns(proto, ClusterDiscoveryType.StrictDns, LegacyDns(proto, at), at);
            case ClusterProto.Types.DiscoveryType.LogicalDns:
                return BuildDns(proto, ClusterDiscoveryType.LogicalDns, LegacyDns(proto, at), at);
            case ClusterProto.Types.DiscoveryType.Eds:
                return BuildEds(proto, at);
            case ClusterProto.Types.DiscoveryType.OriginalDst:
                at.Error("type", "ORIGINAL_DST clusters are not supported");
                return new ClusterDiscovery();
            default:
                return new ClusterDiscovery();
        }
    }

    /// <summary>The resolution settings that stand in the cluster itself.</summary>
    private static DnsSettings LegacyDns(ClusterProto proto, FieldScope at)
    {
        var settings = new DnsSettings
        {
            LookupFamily = Family(proto.DnsLookupFamily),
            RefreshRateMs = Times.Ms(proto.DnsRefreshRate, DefaultRefreshRateMs, at, "dns_refresh_rate"),
        };
        ClusterProto.Types.RefreshRate? failures = proto.DnsFailureRefreshRate;
        return WithFailures(settings, failures?.BaseInterval, failures?.MaxInterval, at.Field("dns_failure_refresh_rate"));
    }

    private static ClusterDiscovery BuildExtension(ClusterProto proto, FieldScope at)
    {
        FieldScope there = at.Field("cluster_type").Field("typed_config");
        if (proto.ClusterType.TypedConfig is not { } any || !TypedConfig.Is<DnsCluster>(any))
        {
            ExtensionTable.Unknown("cluster", proto.ClusterType.Name, proto.ClusterType.TypedConfig, there);
            return new ClusterDiscovery();
        }

        if (there.Parse<DnsCluster>(any) is not { } dns)
        {
            return new ClusterDiscovery();
        }

        var settings = new DnsSettings
        {
            LookupFamily = Family(dns.DnsLookupFamily),
            RefreshRateMs = Times.Ms(dns.DnsRefreshRate, DefaultRefreshRateMs, there, "dns_refresh_rate"),
            JitterMs = Times.Ms(dns.DnsJitter, 0, there, "dns_jitter"),
        };
        DnsCluster.Types.RefreshRate? failures = dns.DnsFailureRefreshRate;
        settings = WithFailures(settings, failures?.BaseInterval, failures?.MaxInterval, there.Field("dns_failure_refresh_rate"));
        ClusterDiscoveryType type = dns.DnsDiscoveryType == DnsCluster.Types.DnsDiscoveryType.Strict
            ? ClusterDiscoveryType.StrictDns
            : ClusterDiscoveryType.LogicalDns;
        return BuildDns(proto, type, settings, at);
    }

    private static ClusterDiscovery BuildDns(ClusterProto proto, ClusterDiscoveryType type, DnsSettings settings, FieldScope at)
    {
        FieldScope there = at.Field("load_assignment");
        if (proto.LoadAssignment is null)
        {
            there.Error("a DNS cluster needs the names that it resolves");
            return new ClusterDiscovery();
        }

        if (type == ClusterDiscoveryType.LogicalDns && !HasOneEndpoint(proto.LoadAssignment))
        {
            there.Error("LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint");
        }

        return new ClusterDiscovery
        {
            Type = type,
            Dns = settings,
            DnsLocalities = LoadAssignmentConverter.BuildDns(proto.LoadAssignment, there),
        };
    }

    private static ClusterDiscovery BuildEds(ClusterProto proto, FieldScope at)
    {
        FieldScope there = at.Field("eds_cluster_config");
        if (ConfigSourceConverter.Check(proto.EdsClusterConfig?.EdsConfig, there.Field("eds_config")))
        {
            string service = proto.EdsClusterConfig!.ServiceName;
            at.Context.AddSubscription(
                new ResourceSubscription(EdsTypeUrl, service.Length > 0 ? service : proto.Name, proto.EdsClusterConfig.EdsConfig));
        }

        if (proto.LoadAssignment is not null)
        {
            at.Unsupported("load_assignment", "endpoints of an EDS cluster come from discovery");
        }

        return new ClusterDiscovery { Type = ClusterDiscoveryType.Eds, EdsServiceName = proto.EdsClusterConfig?.ServiceName ?? string.Empty };
    }

    private static DnsSettings WithFailures(DnsSettings settings, Duration? baseInterval, Duration? maxInterval, FieldScope at)
    {
        if (baseInterval is null)
        {
            return settings;
        }

        long baseMs = Times.Ms(baseInterval, 0, at, "base_interval");
        long maxMs = Times.Ms(maxInterval, baseMs * BackOffRatio, at, "max_interval");
        if (maxMs < baseMs)
        {
            at.Error("max_interval", "must not be below base_interval");
        }

        return settings with { FailureBaseIntervalMs = baseMs, FailureMaxIntervalMs = maxMs };
    }

    private static bool HasOneEndpoint(ClusterLoadAssignment assignment)
    {
        int count = 0;
        foreach (LocalityLbEndpoints locality in assignment.Endpoints)
        {
            count += locality.LbEndpoints.Count;
        }

        return assignment.Endpoints.Count == 1 && count == 1;
    }

    private static DnsLookupFamily Family(ClusterProto.Types.DnsLookupFamily proto) => proto switch
    {
        ClusterProto.Types.DnsLookupFamily.V4Only => DnsLookupFamily.V4Only,
        ClusterProto.Types.DnsLookupFamily.V6Only => DnsLookupFamily.V6Only,
        ClusterProto.Types.DnsLookupFamily.V4Preferred => DnsLookupFamily.V4Preferred,
        ClusterProto.Types.DnsLookupFamily.All => DnsLookupFamily.All,
        _ => DnsLookupFamily.Auto,
    };

    private static DnsLookupFamily Family(DnsFamilyProto proto) => proto switch
    {
        DnsFamilyProto.V4Only => DnsLookupFamily.V4Only,
        DnsFamilyProto.V6Only => DnsLookupFamily.V6Only,
        DnsFamilyProto.V4Preferred => DnsLookupFamily.V4Preferred,
        DnsFamilyProto.All => DnsLookupFamily.All,
        _ => DnsLookupFamily.Auto,
    };
}
