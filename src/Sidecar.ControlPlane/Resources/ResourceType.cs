using System;
using System.Collections.Generic;

namespace Sidecar.ControlPlane.Resources;

/// <summary>
/// A kind of xDS resource that this server can hold. The table is in the order in which changes are sent: what is referred to before
/// what refers to it, so that no request ever meets a route whose cluster has not been announced. Immutable, any thread.
/// </summary>
public sealed class ResourceType
{
    private const string UrlPrefix = "type.googleapis.com/";

    private static readonly ResourceType[] s_all =
    [
        new(0, "secrets", "envoy.extensions.transport_sockets.tls.v3.Secret"),
        new(1, "clusters", "envoy.config.cluster.v3.Cluster") { IsWildcardByDefault = true },
        new(2, "endpoints", "envoy.config.endpoint.v3.ClusterLoadAssignment", "cluster_name"),
        new(3, "listeners", "envoy.config.listener.v3.Listener") { IsWildcardByDefault = true },
        new(4, "scoped_routes", "envoy.config.route.v3.ScopedRouteConfiguration") { IsWildcardByDefault = true },
        new(5, "routes", "envoy.config.route.v3.RouteConfiguration"),
        new(6, "virtual_hosts", "envoy.config.route.v3.VirtualHost"),
        new(7, "extension_configs", "envoy.config.core.v3.TypedExtensionConfig"),
        new(8, "runtimes", "envoy.service.runtime.v3.Runtime"),
    ];

    private ResourceType(int order, string key, string messageName, string nameField = "name")
    {
        Order = order;
        Key = key;
        MessageName = messageName;
        NameField = nameField;
        TypeUrl = UrlPrefix + messageName;
    }

    /// <summary>All types, in sending order.</summary>
    public static IReadOnlyList<ResourceType> All => s_all;

    /// <summary>The place in <see cref="All"/>.</summary>
    public int Order { get; }

    /// <summary>The key in a file under which a list of such resources stands; also the word for the type in what is printed.</summary>
    public string Key { get; }

    /// <summary>The full name of the message.</summary>
    public string MessageName { get; }

    /// <summary>The message's field that holds the resource's name.</summary>
    public string NameField { get; }

    /// <summary>The type URL of requests, responses and Any.</summary>
    public string TypeUrl { get; }

    /// <summary>True if a first request without names means every resource of the type.</summary>
    public bool IsWildcardByDefault { get; private init; }

    /// <summary>The type of that key in a file, null if there is none.</summary>
    public static ResourceType? FindByKey(string key) => Array.Find(s_all, type => type.Key == key);

    /// <summary>The type of that URL; null if this server has no such resources.</summary>
    public static ResourceType? FindByUrl(string typeUrl) => Array.Find(s_all, type => type.TypeUrl == typeUrl);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
