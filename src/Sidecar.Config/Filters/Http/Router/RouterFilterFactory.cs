using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.Filters;
using Sidecar.Proxy.Router;
using RouterProto = Envoy.Extensions.Filters.Http.Router.V3.Router;

namespace Sidecar.Config.Filters.Http.Router;

/// <summary><c>envoy.filters.http.router</c>. Thread: main.</summary>
internal static class RouterFilterFactory
{
    public static HttpFilterFactory? Build(string name, Any config, FieldScope at)
    {
        if (at.Parse<RouterProto>(config) is not { } proto)
        {
            return null;
        }

        ExtensionTable.CheckUpstreamHttpFilters(proto.UpstreamHttpFilters, at, "upstream_http_filters");
        return new RouterFactory(name, at.Services.Clusters)
        {
            SuppressEnvoyHeaders = proto.SuppressEnvoyHeaders,
            RespectExpectedRqTimeout = proto.RespectExpectedRqTimeout,
        };
    }
}
