using System;
using System.Collections.Generic;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Sessions;

namespace Sidecar.ControlPlane.Serving;

/// <summary>A gRPC method that opens a discovery stream.</summary>
/// <param name="Name">What it is called in what is printed.</param>
/// <param name="IsDelta">True for the incremental protocol.</param>
/// <param name="OnlyType">The type of a service for one type; null for the aggregated service.</param>
public sealed record DiscoveryMethod(string Name, bool IsDelta, ResourceType? OnlyType)
{
    /// <summary>Starts the session of a new stream.</summary>
    public DiscoverySession Open(StreamJournal journal, NodeFilter nodes) => IsDelta
        ? new DeltaSession(journal, nodes, OnlyType)
        : new StateOfTheWorldSession(journal, nodes, OnlyType);
}

/// <summary>The methods served, by path: the aggregated discovery service and the services of single types, both protocols each.</summary>
public static class DiscoveryMethods
{
    private static readonly Dictionary<string, DiscoveryMethod> s_byPath = Build();

    /// <summary>The method of that path, null if it is not served.</summary>
    public static DiscoveryMethod? Find(string path) => s_byPath.GetValueOrDefault(path);

    private static Dictionary<string, DiscoveryMethod> Build()
    {
        Dictionary<string, DiscoveryMethod> methods = new(StringComparer.Ordinal);
        Add(methods, "envoy.service.discovery.v3.AggregatedDiscoveryService", "AggregatedResources", null);
        Add(methods, "envoy.service.secret.v3.SecretDiscoveryService", "Secrets", "secrets");
        Add(methods, "envoy.service.cluster.v3.ClusterDiscoveryService", "Clusters", "clusters");
        Add(methods, "envoy.service.endpoint.v3.EndpointDiscoveryService", "Endpoints", "endpoints");
        Add(methods, "envoy.service.listener.v3.ListenerDiscoveryService", "Listeners", "listeners");
        Add(methods, "envoy.service.route.v3.ScopedRoutesDiscoveryService", "ScopedRoutes", "scoped_routes");
        Add(methods, "envoy.service.route.v3.RouteDiscoveryService", "Routes", "routes");
        Add(methods, "envoy.service.route.v3.VirtualHostDiscoveryService", "VirtualHosts", "virtual_hosts");
        Add(methods, "envoy.service.extension.v3.ExtensionConfigDiscoveryService", "ExtensionConfigs", "extension_configs");
        Add(methods, "envoy.service.runtime.v3.RuntimeDiscoveryService", "Runtime", "runtimes");
        return methods;
    }

    private static void Add(Dictionary<string, DiscoveryMethod> methods, string service, string what, string? typeKey)
    {
        ResourceType? type = typeKey is null ? null : ResourceType.FindByKey(typeKey);
        methods.Add($"/{service}/Stream{what}", new DiscoveryMethod($"{typeKey ?? "ads"} sotw", IsDelta: false, type));
        methods.Add($"/{service}/Delta{what}", new DiscoveryMethod($"{typeKey ?? "ads"} delta", IsDelta: true, type));
    }
}
