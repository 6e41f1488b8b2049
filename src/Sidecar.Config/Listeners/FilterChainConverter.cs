using System.Collections.Generic;
using Envoy.Config.Listener.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Network.Filters;
using Sidecar.Network.Listeners;
using Sidecar.Network.TransportSockets;

namespace Sidecar.Config.Listeners;

/// <summary><c>envoy.config.listener.v3.FilterChain</c>. Thread: main.</summary>
internal static class FilterChainConverter
{
    public static FilterChainModel Build(FilterChain proto, Listener listener, FieldScope at)
    {
        if (!IsCatchAll(proto))
        {
            at.Error("filter_chain_match", "matching filter chains is not supported");
        }

        return new FilterChainModel
        {
            Name = proto.Name,
            Filters = BuildFilters(proto, listener, at),
            TransportSocket = proto.TransportSocket is null
                ? RawBufferSocketFactory.Instance
                : ExtensionTable.TransportSocket(proto.TransportSocket, at.Field("transport_socket")),
            TransportSocketConnectTimeoutMs = Times.Ms(proto.TransportSocketConnectTimeout, 0, at, "transport_socket_connect_timeout"),
        };
    }

    /// <summary>True when it takes every connection: no match, or an empty one.</summary>
    public static bool IsCatchAll(FilterChain proto) => proto.FilterChainMatch is null || proto.FilterChainMatch.CalculateSize() == 0;

    private static List<NetworkFilterFactory> BuildFilters(FilterChain proto, Listener listener, FieldScope at)
    {
        var filters = new List<NetworkFilterFactory>(proto.Filters.Count);
        for (int i = 0; i < proto.Filters.Count; i++)
        {
            FieldScope there = at.Item("filters", i);
            if (ExtensionTable.NetworkFilter(proto.Filters[i], listener, there) is { } filter)
            {
                filters.Add(filter);
            }

            if (i < proto.Filters.Count - 1 && ExtensionTable.IsTerminal(proto.Filters[i]))
            {
                there.Error($"\"{proto.Filters[i].Name}\" is a terminal filter and must be the last one of its chain");
            }
        }

        return filters;
    }
}
