using System.Collections.Generic;

namespace Sidecar.Xds.Mux;

/// <summary>What the protocol says of one type of resource. Immutable; thread: any.</summary>
public sealed class ResourceType
{
    private const string Prefix = "type.googleapis.com/";

    private static readonly Dictionary<string, ResourceType> s_byUrl = [];

    public static readonly ResourceType Cluster = Declare(
        "envoy.config.cluster.v3.Cluster", 0, "cluster.v3.ClusterDiscoveryService", "Clusters", isFullState: true);

    public static readonly ResourceType ClusterLoadAssignment = Declare(
        "envoy.config.endpoint.v3.ClusterLoadAssignment", 1, "endpoint.v3.EndpointDiscoveryService", "Endpoints");

    public static readonly ResourceType Listener = Declare(
        "envoy.config.listener.v3.Listener", 2, "listener.v3.ListenerDiscoveryService", "Listeners", isFullState: true);

    public static readonly ResourceType RouteConfiguration = Declare(
        "envoy.config.route.v3.RouteConfiguration", 3, "route.v3.RouteDiscoveryService", "Routes");

    public static readonly ResourceType ScopedRouteConfiguration = Declare(
        "envoy.config.route.v3.ScopedRouteConfiguration", 4, "route.v3.ScopedRoutesDiscoveryService", "ScopedRoutes", isFullState: true);

    public static readonly ResourceType VirtualHost = Declare(
        "envoy.config.route.v3.VirtualHost", 5, "route.v3.VirtualHostDiscoveryService", "VirtualHosts");

    public static readonly ResourceType Secret = Declare(
        "envoy.extensions.transport_sockets.tls.v3.Secret", 6, "secret.v3.SecretDiscoveryService", "Secrets");

    public static readonly ResourceType Runtime = Declare(
        "envoy.service.runtime.v3.Runtime", 7, "runtime.v3.RuntimeDiscoveryService", "Runtime");

    public static readonly ResourceType ExtensionConfig = Declare(
        "envoy.config.core.v3.TypedExtensionConfig", 8, "extension.v3.ExtensionConfigDiscoveryService", "ExtensionConfigs");

    private ResourceType(string typeUrl, int order, string sotwMethod, string deltaMethod, bool isFullState)
    {
        TypeUrl = typeUrl;
        Order = order;
        SotwMethod = sotwMethod;
        DeltaMethod = deltaMethod;
        IsFullState = isFullState;
    }

    public string TypeUrl { get; }

    /// <summary>
    /// In which order requests go out: clusters before the endpoints they need, listeners before their routes, so that the server can
    /// make before it breaks.
    /// </summary>
    public int Order { get; }

    /// <summary>The streaming method of the type's own service; empty for types without one.</summary>
    public string SotwMethod { get; }

    /// <summary>The incremental method of the type's own service.</summary>
    public string DeltaMethod { get; }

    /// <summary>A state-of-the-world response lists everything: what is absent was removed. For other types absence says nothing.</summary>
    public bool IsFullState { get; }

    /// <summary>A known type, or one of its own for a URL that this table does not list.</summary>
    public static ResourceType Of(string typeUrl) => s_byUrl.TryGetValue(typeUrl, out ResourceType? type)
        ? type
        : new ResourceType(typeUrl, int.MaxValue, string.Empty, string.Empty, isFullState: false);

    public override string ToString() => TypeUrl;

    private static ResourceType Declare(string message, int order, string service, string what, bool isFullState = false)
    {
        string path = "/envoy.service." + service + "/";
        var type = new ResourceType(Prefix + message, order, path + "Stream" + what, path + "Delta" + what, isFullState);
        s_byUrl.Add(type.TypeUrl, type);
        return type;
    }
}
