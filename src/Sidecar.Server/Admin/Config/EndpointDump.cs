using System.Collections.Generic;
using Envoy.Admin.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Endpoint.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Server.Admin.Config;

/// <summary>
/// The endpoints of <c>/config_dump?include_eds</c>, made from the hosts in use as in Envoy: so it shows what DNS resolved and what
/// health checks found, not only what discovery said. Thread: main.
/// </summary>
internal static class EndpointDump
{
    private const string AssignmentType = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

    /// <summary>Wire bytes of one element a cluster.</summary>
    public static IEnumerable<byte[]> Elements(IReadOnlyList<ClusterView> clusters, bool addedViaApi)
    {
        foreach (ClusterView cluster in clusters)
        {
            if (cluster.Model.AddedViaApi == addedViaApi)
            {
                var any = new Any { TypeUrl = AssignmentType, Value = Assignment(cluster).ToByteString() };
                yield return addedViaApi
                    ? new EndpointsConfigDump.Types.DynamicEndpointConfig { EndpointConfig = any }.ToByteArray()
                    : new EndpointsConfigDump.Types.StaticEndpointConfig { EndpointConfig = any }.ToByteArray();
            }
        }
    }

    private static ClusterLoadAssignment Assignment(ClusterView cluster)
    {
        var assignment = new ClusterLoadAssignment
        {
            ClusterName = cluster.EdsName,
            Policy = new ClusterLoadAssignment.Types.Policy(),
        };
        foreach (HostSet set in cluster.Hosts.HostSets)
        {
            assignment.Policy.OverprovisioningFactor = set.OverprovisioningFactorPercent;
            foreach (LocalityHosts locality in set.Localities)
            {
                if (locality.Hosts.All.Length > 0)
                {
                    assignment.Endpoints.Add(Endpoints(cluster, set, locality));
                }
            }
        }

        return assignment;
    }

    private static LocalityLbEndpoints Endpoints(ClusterView cluster, HostSet set, LocalityHosts locality)
    {
        var endpoints = new LocalityLbEndpoints
        {
            Locality = new Envoy.Config.Core.V3.Locality
            {
                Region = locality.Locality.Region,
                Zone = locality.Locality.Zone,
                SubZone = locality.Locality.SubZone,
            },
            Priority = set.Priority,
        };
        if (cluster.Model.CommonLb.LocalityWeighted)
        {
            endpoints.LoadBalancingWeight = locality.Weight;
        }

        foreach (WeightedHost weighted in locality.Hosts.All)
        {
            Host host = weighted.Host;
            endpoints.LbEndpoints.Add(new LbEndpoint
            {
                Endpoint = new Endpoint { Address = ToProto(host.Address), Hostname = host.Hostname },
                HealthStatus = HealthOf(host),
                LoadBalancingWeight = host.Weight,
            });
        }

        return endpoints;
    }

    private static HealthStatus HealthOf(Host host)
    {
        if ((host.HealthFlags & HostHealthFlags.EdsStatusDraining) != 0)
        {
            return HealthStatus.Draining;
        }

        return host.Health switch
        {
            HostHealth.Healthy => HealthStatus.Healthy,
            HostHealth.Degraded => HealthStatus.Degraded,
            _ => HealthStatus.Unhealthy,
        };
    }

    private static Envoy.Config.Core.V3.Address ToProto(Network.Addresses.Address address)
    {
        string text = System.Text.Encoding.UTF8.GetString(address.IpText);
        return address.IsIp
            ? new Envoy.Config.Core.V3.Address { SocketAddress = new SocketAddress { Address = text, PortValue = (uint)address.Port } }
            : new Envoy.Config.Core.V3.Address { Pipe = new Pipe { Path = text } };
    }
}
