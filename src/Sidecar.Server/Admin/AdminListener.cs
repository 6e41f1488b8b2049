using Sidecar.Core.Stats;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Network.Addresses;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Proxy.Routing;

namespace Sidecar.Server.Admin;

/// <summary>The listener that serves the admin: a connection manager with no routes and one filter. Thread: main.</summary>
public static class AdminListener
{
    /// <summary>Its model, for a listener manager whose only worker is the main dispatcher.</summary>
    /// <param name="handlers">What answers.</param>
    /// <param name="address">The bootstrap's <c>admin.address</c>.</param>
    /// <param name="stats">Where its stats go: <c>http.admin.</c> and <c>listener.admin.</c>, as in Envoy.</param>
    public static ListenerModel CreateModel(AdminHandlers handlers, Address address, StatStore stats)
    {
        var connectionManager = new ConnectionManagerModel
        {
            StatPrefix = "admin",
            Stats = stats.Register("http.admin.", ConnectionManagerStats.Http).Range,
            Http1Stats = stats.Register("http1.", Http1CodecStats.Table).Range,
            Http2Stats = stats.Register("http2.", Http2Stats.Table).Range,
            Http1 = Http1Settings.Default,
            Http2 = Http2Settings.Default,
            Routes = RouteTableSource.Inline(RouteTable.Build(new RouteTableConfig(), static _ => 0)),
            HttpFilters = [new AdminFilterFactory(handlers)],
        };
        return new ListenerModel
        {
            Name = "admin",
            StatPrefix = "admin",
            Address = address,
            FilterChains = [new FilterChainModel { Filters = [connectionManager] }],
            IgnoreGlobalConnectionLimit = true,
        };
    }
}
