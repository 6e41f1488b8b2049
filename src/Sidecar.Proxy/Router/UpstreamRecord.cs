using Sidecar.Proxy.Streams;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Pools;

namespace Sidecar.Proxy.Router;

/// <summary>Notes an attempt in the stream's info, for access logs and header formats. Stateless; thread: the worker.</summary>
internal static class UpstreamRecord
{
    public static void Cluster(StreamInfo info, ClusterModel cluster)
    {
        info.Upstream.ClusterName = cluster.Name;
        info.Upstream.ClusterObservabilityName = cluster.ObservabilityName;
    }

    /// <summary>The attempt has a connection.</summary>
    public static void Ready(StreamInfo info, PooledConnection connection, long nowNs)
    {
        UpstreamInfo upstream = info.Upstream;
        upstream.ResetAttempt();
        upstream.HasConnection = true;
        upstream.HostAddress = connection.Host.Host.Address;
        upstream.HostName = connection.Host.Host.Hostname;
        upstream.LocalAddress = connection.Info.LocalAddress;
        upstream.RemoteAddress = connection.Info.RemoteAddress;
        upstream.ConnectionId = connection.Info.ConnectionId;
        upstream.Protocol = connection.Protocol;
        upstream.ConnectionStreamCount = connection.StreamsServed;
        info.Times.FirstUpstreamTxByteNs = nowNs;
    }

    /// <summary>It never got one.</summary>
    public static void Failed(StreamInfo info, HostWorkerState host, string? transportFailure)
    {
        UpstreamInfo upstream = info.Upstream;
        upstream.ResetAttempt();
        upstream.HostAddress = host.Host.Address;
        upstream.HostName = host.Host.Hostname;
        upstream.TransportFailureReason = transportFailure ?? string.Empty;
    }
}
