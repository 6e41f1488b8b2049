using System;
using Envoy.Config.Core.V3;
using Sidecar.Config.Values;
using Sidecar.Core.Stats;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Config.Conversion;

/// <summary>What the converters may use of the process. Made once by the composition root. Thread: main.</summary>
public sealed class ConversionServices
{
    public required StatStore Stats { get; init; }

    /// <summary>Where routers find their clusters, and routes the clusters' numbers.</summary>
    public required ClusterManager Clusters { get; init; }

    /// <summary>Opens the files of access loggers.</summary>
    public required FileFlusher LogFiles { get; init; }

    /// <summary>
    /// The routes that a subscription publishes, by name: the same source for the same name. Called for each mention, also in resources
    /// that are rejected in the end; the subscription itself starts when the listener is accepted.
    /// </summary>
    public required Func<ResourceSubscription, RouteTableSource> PublishedRoutes { get; init; }

    /// <summary><c>--service-cluster</c>, or the bootstrap's <c>node.cluster</c>.</summary>
    public string ServiceCluster { get; init; } = string.Empty;

    /// <summary>The bootstrap's layered runtime.</summary>
    public RuntimeValues Runtime { get; init; } = RuntimeValues.Empty;

    /// <summary>The bootstrap's <c>cluster_manager.upstream_bind_config</c>, for clusters without one of their own.</summary>
    public BindConfig? DefaultUpstreamBind { get; init; }
}
