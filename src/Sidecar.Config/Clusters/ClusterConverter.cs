using Sidecar.Config.Conversion;
using Sidecar.Config.Endpoints;
using Sidecar.Config.Values;
using Sidecar.Network.TransportSockets;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;

namespace Sidecar.Config.Clusters;

/// <summary><c>envoy.config.cluster.v3.Cluster</c>. Thread: main.</summary>
public static class ClusterConverter
{
    /// <summary>The model; meaningless when errors were told.</summary>
    public static ClusterModel Build(ClusterProto proto, FieldScope at)
    {
        ClusterDiscovery discovery = ClusterDiscovery.Build(proto, at);
        (LoadBalancerSettings balancer, CommonLbSettings common) = LoadBalancerConverter.Build(proto, at);
        UpstreamHttp http = UpstreamHttp.Build(proto, at);
        CheckTransportSocketMatches(proto, at);
        LoadAssignmentModel assignment = LoadAssignmentModel.Empty;
        if (discovery.Type == ClusterDiscoveryType.Static && proto.LoadAssignment is not null)
        {
            assignment = LoadAssignmentConverter.Build(proto.LoadAssignment, at.Field("load_assignment"));
        }
        else if (discovery.DnsLocalities.Count > 0)
        {
            assignment = LoadAssignmentConverter.BuildPolicy(proto.LoadAssignment!, at.Field("load_assignment"));
        }

        return new ClusterModel
        {
            Name = proto.Name,
            AltStatName = proto.AltStatName,
            Type = discovery.Type,
            EdsServiceName = discovery.EdsServiceName,
            Dns = discovery.Dns,
            DnsLocalities = discovery.DnsLocalities,
            LoadAssignment = assignment,
            DropOverloadPerMillion = assignment.DropOverloadPerMillion,
            Connection = UpstreamConnectionConverter.Build(proto, at),
            LoadBalancer = balancer,
            CommonLb = common,
            CircuitBreakers = CircuitBreakerConverter.Build(proto.CircuitBreakers, at.Field("circuit_breakers")),
            HttpVersion = http.Version,
            Http1 = http.Http1,
            Http2 = http.Http2,
            CommonHttp = http.Common,
            TransportSocket = BuildTransportSocket(proto, at),
            Metadata = proto.Metadata is null ? null : StructConverter.Build(proto.Metadata),
            AddedViaApi = at.Context.AddedViaApi,
            WaitForWarmOnInit = proto.WaitForWarmOnInit ?? true,
            IgnoreHealthOnHostRemoval = proto.IgnoreHealthOnHostRemoval,
            TrackRequestResponseSizes = proto.TrackClusterStats?.RequestResponseSizes ?? false,
            TrackTimeoutBudgets = (proto.TrackClusterStats?.TimeoutBudgets ?? false) || proto.TrackTimeoutBudgets,
        };
    }

    private static TransportSocketFactory BuildTransportSocket(ClusterProto proto, FieldScope at) => proto.TransportSocket is null
        ? RawBufferSocketFactory.Instance
        : ExtensionTable.TransportSocket(proto.TransportSocket, at.Field("transport_socket"));

    /// <summary>Matches choose among transport sockets; while all are raw there is nothing to choose.</summary>
    private static void CheckTransportSocketMatches(ClusterProto proto, FieldScope at)
    {
        for (int i = 0; i < proto.TransportSocketMatches.Count; i++)
        {
            if (proto.TransportSocketMatches[i].TransportSocket is { } socket)
            {
                ExtensionTable.TransportSocket(socket, at.Item("transport_socket_matches", i).Field("transport_socket"));
            }
        }
    }
}
