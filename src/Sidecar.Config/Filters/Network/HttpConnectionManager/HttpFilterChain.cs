using System.Collections.Generic;
using Google.Protobuf.Collections;
using Sidecar.Config.Conversion;
using Sidecar.Proxy.Filters;
using HttpFilterProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;

namespace Sidecar.Config.Filters.Network.HttpConnectionManager;

/// <summary>The HTTP filters of a connection manager. Thread: main.</summary>
internal static class HttpFilterChain
{
    public static IReadOnlyList<HttpFilterFactory> Build(RepeatedField<HttpFilterProto> protos, FieldScope at)
    {
        var filters = new List<HttpFilterFactory>(protos.Count);
        var names = new HashSet<string>();
        int before = at.Context.Errors.Count;
        for (int i = 0; i < protos.Count; i++)
        {
            FieldScope there = at.Item("http_filters", i);
            if (!names.Add(protos[i].Name))
            {
                there.Error("name", $"another HTTP filter is named \"{protos[i].Name}\"");
            }

            if (BuildFilter(protos[i], there) is not { } filter)
            {
                continue;
            }

            filters.Add(filter);
            if (filter.IsTerminal != (i == protos.Count - 1))
            {
                there.Error(filter.IsTerminal
                    ? $"terminal filter named {filter.Name} must be the last filter in a http filter chain."
                    : $"non-terminal filter named {filter.Name} is the last filter in a http filter chain.");
            }
        }

        if (at.Context.Errors.Count == before && (filters.Count == 0 || !filters[^1].IsTerminal))
        {
            at.Error("http_filters", "the chain must end with a terminal filter, such as the router");
        }

        return filters;
    }

    private static HttpFilterFactory? BuildFilter(HttpFilterProto proto, FieldScope at)
    {
        if (proto.ConfigTypeCase == HttpFilterProto.ConfigTypeOneofCase.ConfigDiscovery)
        {
            at.Error("config_discovery", "filters by extension discovery are not supported");
            return null;
        }

        if (proto.Disabled)
        {
            at.Error("disabled", "filters that are off until a route switches them on are not supported");
            return null;
        }

        return ExtensionTable.HttpFilter(proto, at);
    }
}
