using System;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;
using Sidecar.Network;
using Sidecar.Proxy.Errors;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Proxy.Router;

/// <summary>From a route to its cluster on this worker. Stateless; thread: the worker.</summary>
internal static class ClusterChoice
{
    /// <summary>The cluster that the route, or the header that it names, asks for; null when there is none.</summary>
    public static ClusterWorkerState? Find(ClusterTable clusters, RouteEntry route, HeaderMap request)
    {
        if (route.Cluster is { } known)
        {
            return clusters.Get(known.Id);
        }

        return route.TryGetClusterName(request, out ReadOnlySpan<byte> name) ? clusters.Find(name) : null;
    }

    /// <summary>The local reply for a cluster that is not there, with the status that the route asks for.</summary>
    public static ErrorDetail NotFound(int status) => status switch
    {
        404 => ProxyErrors.ClusterNotFound404,
        500 => ProxyErrors.ClusterNotFound500,
        _ => ProxyErrors.ClusterNotFound503,
    };

    /// <summary>Maintenance mode and drop overload: what the cluster refuses of its own; null when it does not.</summary>
    public static ErrorDetail? Refuses(ClusterWorkerState cluster, Worker worker)
    {
        ClusterModel model = cluster.Model;
        if (model.MaintenanceModePercent > 0 && worker.NextRandom(100) < model.MaintenanceModePercent)
        {
            return ProxyErrors.MaintenanceMode;
        }

        return cluster.DropsRequest() ? ProxyErrors.DropOverload : null;
    }
}
