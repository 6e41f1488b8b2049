using System;
using System.Collections.Generic;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Proxy.Streams;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using LocalityProto = Envoy.Config.Core.V3.Locality;

namespace Sidecar.Config.Endpoints;

/// <summary>
/// <c>ClusterLoadAssignment</c>: hosts with addresses (EDS, STATIC), or names to resolve (STRICT_DNS, LOGICAL_DNS). Thread: main.
/// </summary>
public static class LoadAssignmentConverter
{
    private const uint MaxPriority = 128;
    private const uint AllPerMillion = 1_000_000;
    private const string CanaryFilter = "envoy.lb";
    private static readonly string[] s_canaryPath = ["canary"];

    /// <summary>The hosts and the policy.</summary>
    public static LoadAssignmentModel Build(ClusterLoadAssignment proto, FieldScope at)
    {
        var localities = new List<LocalityEndpointsModel>(proto.Endpoints.Count);
        for (int i = 0; i < proto.Endpoints.Count; i++)
        {
            LocalityLbEndpoints locality = proto.Endpoints[i];
            FieldScope here = at.Item("endpoints", i);
            RepeatedField<LbEndpoint> endpoints = EndpointsOf(locality, here, out FieldScope list);
            var hosts = new List<HostModel>(endpoints.Count);
            for (int j = 0; j < endpoints.Count; j++)
            {
                if (BuildHost(endpoints[j], proto, list.Item("lb_endpoints", j)) is { } host)
                {
                    hosts.Add(host);
                }
            }

            localities.Add(new LocalityEndpointsModel(BuildLocality(locality.Locality), Priority(locality, here), WeightOf(locality), hosts));
        }

        CheckPriorities(proto, at);
        return BuildPolicy(proto, at) with { Localities = localities };
    }

    /// <summary>The names and their ports.</summary>
    public static IReadOnlyList<DnsLocality> BuildDns(ClusterLoadAssignment proto, FieldScope at)
    {
        var localities = new List<DnsLocality>(proto.Endpoints.Count);
        for (int i = 0; i < proto.Endpoints.Count; i++)
        {
            LocalityLbEndpoints locality = proto.Endpoints[i];
            FieldScope here = at.Item("endpoints", i);
            RepeatedField<LbEndpoint> endpoints = EndpointsOf(locality, here, out FieldScope list);
            var names = new List<DnsEndpoint>(endpoints.Count);
            for (int j = 0; j < endpoints.Count; j++)
            {
                if (BuildName(endpoints[j], list.Item("lb_endpoints", j)) is { } name)
                {
                    names.Add(name);
                }
            }

            localities.Add(new DnsLocality(BuildLocality(locality.Locality), Priority(locality, here), WeightOf(locality), names));
        }

        CheckPriorities(proto, at);
        return localities;
    }

    /// <summary>What the assignment says besides its endpoints.</summary>
    public static LoadAssignmentModel BuildPolicy(ClusterLoadAssignment proto, FieldScope at)
    {
        ClusterLoadAssignment.Types.Policy? policy = proto.Policy;
        if (policy is null)
        {
            return LoadAssignmentModel.Empty;
        }

        FieldScope here = at.Field("policy");
        uint kept = AllPerMillion;
        for (int i = 0; i < policy.DropOverloads.Count; i++)
        {
            // Each category takes its share of what those before it left.
            uint dropped = Percents.PerMillion(policy.DropOverloads[i].DropPercentage, here.Item("drop_overloads", i).Field("drop_percentage"));
            kept = (uint)((ulong)kept * (AllPerMillion - dropped) / AllPerMillion);
        }

        return new LoadAssignmentModel
        {
            OverprovisioningFactorPercent = policy.OverprovisioningFactor ?? LoadAssignmentModel.Empty.OverprovisioningFactorPercent,
            WeightedPriorityHealth = policy.WeightedPriorityHealth,
            DropOverloadPerMillion = AllPerMillion - kept,
        };
    }

    private static RepeatedField<LbEndpoint> EndpointsOf(LocalityLbEndpoints locality, FieldScope at, out FieldScope list)
    {
        list = at;
        switch (locality.LbConfigCase)
        {
            case LocalityLbEndpoints.LbConfigOneofCase.LoadBalancerEndpoints:
                list = at.Field("load_balancer_endpoints");
                return locality.LoadBalancerEndpoints.LbEndpoints;
            case LocalityLbEndpoints.LbConfigOneofCase.LedsClusterLocalityConfig:
                at.Error("leds_cluster_locality_config", "endpoints by LEDS are not supported");
                return locality.LbEndpoints;
            default:
                return locality.LbEndpoints;
        }
    }

    private static HostModel? BuildHost(LbEndpoint proto, ClusterLoadAssignment assignment, FieldScope at)
    {
        Endpoint? endpoint = EndpointOf(proto, assignment, ref at);
        if (endpoint is null || AddressConverter.Build(endpoint.Address, at.Field("address")) is not { } address)
        {
            return null;
        }

        return new HostModel
        {
            Address = address,
            Hostname = endpoint.Hostname,
            Weight = Math.Max(1, proto.LoadBalancingWeight ?? 1),
            HealthStatus = (EndpointHealthStatus)(int)proto.HealthStatus,
            Canary = IsCanary(proto),
            HealthCheckPort = HealthCheckPort(endpoint, at),
            Metadata = MetadataOf(proto),
        };
    }

    private static DnsEndpoint? BuildName(LbEndpoint proto, FieldScope at)
    {
        Endpoint? endpoint = EndpointOf(proto, null, ref at);
        if (endpoint?.Address?.SocketAddress is not { } address)
        {
            at.Field("address").Error("a DNS cluster needs socket addresses");
            return null;
        }

        FieldScope there = at.Field("address").Field("socket_address");
        if (!AddressConverter.CheckTransport(address, there))
        {
            return null;
        }

        return new DnsEndpoint
        {
            DnsName = address.Address,
            Port = (int)address.PortValue,
            Hostname = endpoint.Hostname,
            Weight = Math.Max(1, proto.LoadBalancingWeight ?? 1),
            HealthStatus = (EndpointHealthStatus)(int)proto.HealthStatus,
            Canary = IsCanary(proto),
            HealthCheckPort = HealthCheckPort(endpoint, at),
            Metadata = MetadataOf(proto),
        };
    }

    private static Endpoint? EndpointOf(LbEndpoint proto, ClusterLoadAssignment? assignment, ref FieldScope at)
    {
        switch (proto.HostIdentifierCase)
        {
            case LbEndpoint.HostIdentifierOneofCase.Endpoint:
                at = at.Field("endpoint");
                return proto.Endpoint;
            case LbEndpoint.HostIdentifierOneofCase.EndpointName:
                if (assignment is not null && assignment.NamedEndpoints.TryGetValue(proto.EndpointName, out Endpoint? named))
                {
                    return named;
                }

                at.Error("endpoint_name", $"there is no endpoint named \"{proto.EndpointName}\" in named_endpoints");
                return null;
            default:
                at.Error("endpoint", "is required");
                return null;
        }
    }

    private static int HealthCheckPort(Endpoint endpoint, FieldScope at)
    {
        uint port = endpoint.HealthCheckConfig?.PortValue ?? 0;
        if (port > ushort.MaxValue)
        {
            at.Field("health_check_config").Error("port_value", "is over 65535");
        }

        return (int)Math.Min(port, ushort.MaxValue);
    }

    private static MetadataModel? MetadataOf(LbEndpoint proto) => proto.Metadata is null ? null : StructConverter.Build(proto.Metadata);

    private static bool IsCanary(LbEndpoint proto) => proto.Metadata is not null
        && StructConverter.Build(proto.Metadata).Find(CanaryFilter, s_canaryPath) is { Kind: StructValueKind.Bool, BoolValue: true };

    private static Locality BuildLocality(LocalityProto? proto) =>
        proto is null ? Locality.Empty : new Locality(proto.Region, proto.Zone, proto.SubZone);

    /// <summary>A locality without a weight takes no traffic when localities are weighted.</summary>
    private static uint WeightOf(LocalityLbEndpoints locality) => locality.LoadBalancingWeight ?? 0;

    private static uint Priority(LocalityLbEndpoints locality, FieldScope at)
    {
        if (locality.Priority > MaxPriority)
        {
            at.Error("priority", $"is over {MaxPriority}");
            return 0;
        }

        return locality.Priority;
    }

    /// <summary>Priorities begin at 0 and leave none out: what a gap would mean is undefined in the API.</summary>
    private static void CheckPriorities(ClusterLoadAssignment proto, FieldScope at)
    {
        Span<bool> seen = stackalloc bool[(int)MaxPriority + 1];
        seen.Clear();
        uint highest = 0;
        foreach (LocalityLbEndpoints locality in proto.Endpoints)
        {
            if (locality.Priority <= MaxPriority)
            {
                seen[(int)locality.Priority] = true;
                highest = Math.Max(highest, locality.Priority);
            }
        }

        int gap = seen[..(int)(highest + 1)].IndexOf(false);
        if (gap >= 0 && proto.Endpoints.Count > 0)
        {
            at.Error("endpoints", $"priorities must leave none out: {gap} is missing below {highest}");
        }
    }
}
