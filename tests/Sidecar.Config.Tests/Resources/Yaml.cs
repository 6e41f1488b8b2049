using System.Linq;

namespace Sidecar.Config.Tests.Resources;

/// <summary>Whole resources around the few lines that a test is about.</summary>
internal static class Yaml
{
    private const string DefaultRoutes = "route_config: { virtual_hosts: [{ name: v, domains: [\"*\"], routes: [{ match: { prefix: / }, route: { cluster: c } }] }] }";

    /// <summary>A listener with a connection manager; the parameters are lines at each level.</summary>
    public static string Listener(string listener = "", string manager = "", string filters = "", string routes = DefaultRoutes) => $$"""
        name: l
        address: { socket_address: { address: 127.0.0.1, port_value: 80 } }
        {{listener}}
        filter_chains:
        - filters:
          - name: hcm
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: s
              {{routes}}
        {{Indent(manager, 6)}}
              http_filters:
        {{Indent(filters, 6)}}
              - name: router
                typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
        """;

    /// <summary>A route configuration with one virtual host; the parameters are lines at each level.</summary>
    public static string Routes(string route = "route: { cluster: c }", string match = "prefix: /", string virtualHost = "", string table = "") => $$"""
        name: r
        {{table}}
        virtual_hosts:
        - name: v
          domains: ["*"]
        {{Indent(virtualHost, 2)}}
          routes:
          - match: { {{match}} }
        {{Indent(route, 4)}}
        """;

    private static string Indent(string lines, int spaces) =>
        string.Join('\n', lines.Split('\n').Select(line => new string(' ', spaces) + line)).TrimEnd(' ');
}
