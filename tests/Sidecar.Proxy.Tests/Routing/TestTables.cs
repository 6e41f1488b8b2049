using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

/// <summary>Route tables in one line.</summary>
internal static class TestTables
{
    public static RouteTable Build(RouteTableConfig config)
    {
        var ids = new Dictionary<string, int>();
        return RouteTable.Build(config, name =>
        {
            ids.TryAdd(name, ids.Count);
            return ids[name];
        });
    }

    /// <summary>One virtual host for everything.</summary>
    public static RouteTable Of(params RouteConfig[] routes) => Build(ConfigOf(routes));

    public static RouteTableConfig ConfigOf(params RouteConfig[] routes) => new()
    {
        Name = "table",
        VirtualHosts = [new VirtualHostConfig { Name = "all", Domains = ["*"], Routes = routes }],
    };

    public static RouteTable WithDomains(params (string Name, string[] Domains)[] hosts) =>
        Build(new RouteTableConfig { Name = "table", VirtualHosts = Array.ConvertAll(hosts, h => Host(h.Name, h.Domains)) });

    public static VirtualHostConfig Host(string name, params string[] domains) => new()
    {
        Name = name,
        Domains = domains,
        Routes = [To(name, PathMatchKind.Prefix, "/")],
    };

    /// <summary>A route to a cluster of the same name.</summary>
    public static RouteConfig To(string cluster, PathMatchKind kind, string path, bool caseSensitive = true) =>
        To(cluster, new RouteMatchConfig { PathKind = kind, Path = path, CaseSensitive = caseSensitive });

    public static RouteConfig To(string cluster, RouteMatchConfig match) => new()
    {
        Name = cluster,
        Match = match,
        Route = new RouteActionConfig { Cluster = cluster },
    };

    public static RouteEntry? Find(this RouteTable table, HeaderMap request, ulong random = 0)
    {
        var context = new RouteContext(isSecure: false, random);
        return table.Find(request, in context);
    }

    /// <summary>The cluster of a request for a path, or null.</summary>
    public static string? ClusterOf(this RouteTable table, string path, string authority = "a.test", ulong random = 0) =>
        table.Find(TestHeaders.Request(path, authority), random)?.Cluster?.Name;
}
