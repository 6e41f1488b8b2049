using System;

namespace Sidecar.Server.Admin.Config;

/// <summary>The kinds of resources that are tracked.</summary>
public enum ConfigKind : byte
{
    Cluster = 0,
    Listener,
    ScopedRoute,
    Route,
    Secret,
}

/// <summary>What distinguishes the kinds. Thread: any.</summary>
public static class ConfigKinds
{
    /// <summary>All kinds, in the order of <c>/config_dump</c>.</summary>
    public static ReadOnlySpan<ConfigKind> All =>
        [ConfigKind.Cluster, ConfigKind.Listener, ConfigKind.ScopedRoute, ConfigKind.Route, ConfigKind.Secret];

    /// <summary>Full name of the kind's message.</summary>
    public static string MessageName(this ConfigKind kind) => kind switch
    {
        ConfigKind.Cluster => "envoy.config.cluster.v3.Cluster",
        ConfigKind.Listener => "envoy.config.listener.v3.Listener",
        ConfigKind.ScopedRoute => "envoy.config.route.v3.ScopedRouteConfiguration",
        ConfigKind.Route => "envoy.config.route.v3.RouteConfiguration",
        _ => "envoy.extensions.transport_sockets.tls.v3.Secret",
    };

    /// <summary>The kind of a type URL or message name; false for other types.</summary>
    public static bool TryParse(string typeUrl, out ConfigKind kind)
    {
        ReadOnlySpan<char> name = typeUrl.AsSpan(typeUrl.LastIndexOf('/') + 1);
        foreach (ConfigKind candidate in All)
        {
            if (name.SequenceEqual(candidate.MessageName()))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
