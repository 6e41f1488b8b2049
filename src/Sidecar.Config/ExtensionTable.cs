using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using Envoy.Config.Listener.V3;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.AccessLoggers.File;
using Sidecar.Config.Conversion;
using Sidecar.Config.Filters.Http.Router;
using Sidecar.Config.Filters.Network.HttpConnectionManager;
using Sidecar.Config.Schema;
using Sidecar.Network.Filters;
using Sidecar.Network.TransportSockets;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Filters;
using AccessLogProto = Envoy.Config.Accesslog.V3.AccessLog;
using HttpFilterProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpFilter;
using TransportSocketProto = Envoy.Config.Core.V3.TransportSocket;

namespace Sidecar.Config;

/// <summary>
/// Every extension that Sidecar has, by the type of its configuration: one line each. An extension that is not here rejects the
/// resource that asks for it, unless the resource calls it optional. Thread: main.
/// </summary>
public static class ExtensionTable
{
    private const string Extensions = "envoy.extensions.";

    private static readonly FrozenDictionary<string, NetworkFilterBuilder> s_networkFilters = Table<NetworkFilterBuilder>(
        (Extensions + "filters.network.http_connection_manager.v3.HttpConnectionManager", ConnectionManagerFactory.Build));

    private static readonly FrozenDictionary<string, HttpFilterBuilder> s_httpFilters = Table<HttpFilterBuilder>(
        (Extensions + "filters.http.router.v3.Router", RouterFilterFactory.Build));

    private static readonly FrozenDictionary<string, AccessLoggerBuilder> s_accessLoggers = Table<AccessLoggerBuilder>(
        (Extensions + "access_loggers.file.v3.FileAccessLog", FileAccessLoggerFactory.Build),
        (Extensions + "access_loggers.stream.v3.StderrAccessLog", FileAccessLoggerFactory.BuildStderr),
        (Extensions + "access_loggers.stream.v3.StdoutAccessLog", FileAccessLoggerFactory.BuildStdout));

    private static readonly FrozenDictionary<string, TransportSocketFactory> s_transportSockets = Table<TransportSocketFactory>(
        (Extensions + "transport_sockets.raw_buffer.v3.RawBuffer", RawBufferSocketFactory.Instance));

    /// <summary>Listener filters that only find out what filter chain matches ask for.</summary>
    private static readonly FrozenSet<string> s_inspectors = FrozenSet.Create(
        StringComparer.Ordinal,
        Extensions + "filters.listener.http_inspector.v3.HttpInspector",
        Extensions + "filters.listener.tls_inspector.v3.TlsInspector");

    /// <summary>Filters between router and codec: the codec itself is the only one.</summary>
    private static readonly FrozenSet<string> s_upstreamHttpFilters = FrozenSet.Create(
        StringComparer.Ordinal,
        Extensions + "filters.http.upstream_codec.v3.UpstreamCodec");

    private delegate NetworkFilterFactory? NetworkFilterBuilder(Any config, Listener listener, FieldScope at);

    private delegate HttpFilterFactory? HttpFilterBuilder(string name, Any config, FieldScope at);

    private delegate AccessLogger? AccessLoggerBuilder(Any config, AccessLogFilter? filter, FieldScope at);

    /// <summary>The transport socket of a cluster or of a filter chain.</summary>
    internal static TransportSocketFactory TransportSocket(TransportSocketProto proto, FieldScope at)
    {
        // The raw one has nothing to configure, so that many leave its configuration out.
        bool isNamed = proto.TypedConfig is null && proto.Name == RawBufferSocketFactory.Instance.Name;
        if (!isNamed && !TryFind(s_transportSockets, proto.TypedConfig, out _))
        {
            Unknown("transport socket", proto.Name, proto.TypedConfig, at.Field("typed_config"));
        }

        return RawBufferSocketFactory.Instance;
    }

    /// <summary>A network filter; null, with the error told, when there is none.</summary>
    internal static NetworkFilterFactory? NetworkFilter(Filter proto, Listener listener, FieldScope at)
    {
        if (proto.ConfigTypeCase == Filter.ConfigTypeOneofCase.ConfigDiscovery)
        {
            at.Error("config_discovery", "filters by extension discovery are not supported");
            return null;
        }

        FieldScope there = at.Field("typed_config");
        if (TryFind(s_networkFilters, proto.TypedConfig, out NetworkFilterBuilder? build))
        {
            return build!(proto.TypedConfig, listener, there);
        }

        Unknown("network filter", proto.Name, proto.TypedConfig, there);
        return null;
    }

    /// <summary>Whether a network filter must be the last one of its chain.</summary>
    internal static bool IsTerminal(Filter proto) => TryFind(s_networkFilters, proto.TypedConfig, out _);

    /// <summary>Whether a listener filter has nothing to do but to serve filter chain matches.</summary>
    internal static bool IsInspector(ListenerFilter proto) => proto.TypedConfig is { } config && s_inspectors.Contains(TypeOf(config));

    /// <summary>An HTTP filter; null when there is none, with the error told unless it is optional.</summary>
    internal static HttpFilterFactory? HttpFilter(HttpFilterProto proto, FieldScope at)
    {
        if (TryFind(s_httpFilters, proto.TypedConfig, out HttpFilterBuilder? build))
        {
            return build!(proto.Name, proto.TypedConfig, at.Field("typed_config"));
        }

        if (proto.IsOptional)
        {
            at.Unsupported("typed_config", "an optional filter that Sidecar does not have is left out");
            return null;
        }

        Unknown("HTTP filter", proto.Name, proto.TypedConfig, at.Field("typed_config"));
        return null;
    }

    /// <summary>What a filter does differently on a route; null when there is no such filter.</summary>
    internal static object? PerRouteFilterConfig(string name, Any config, bool isOptional, FieldScope at)
    {
        if (isOptional)
        {
            at.Context.AddUnsupported($"{at} (configuration of a filter that Sidecar does not have is left out)");
        }
        else
        {
            Unknown("per-route configuration of the HTTP filter", name, config, at);
        }

        return null;
    }

    /// <summary>An access logger; null, with the error told, when there is none.</summary>
    internal static AccessLogger? AccessLogger(AccessLogProto proto, AccessLogFilter? filter, FieldScope at)
    {
        if (TryFind(s_accessLoggers, proto.TypedConfig, out AccessLoggerBuilder? build))
        {
            return build!(proto.TypedConfig, filter, at);
        }

        Unknown("access logger", proto.Name, proto.TypedConfig, at);
        return null;
    }

    /// <summary>Tells of filters between router and codec that Sidecar does not have.</summary>
    internal static void CheckUpstreamHttpFilters(RepeatedField<HttpFilterProto> filters, FieldScope at, string field)
    {
        for (int i = 0; i < filters.Count; i++)
        {
            bool isKnown = filters[i].TypedConfig is { } config && s_upstreamHttpFilters.Contains(TypeOf(config));
            if (!isKnown && !filters[i].IsOptional)
            {
                Unknown("upstream HTTP filter", filters[i].Name, filters[i].TypedConfig, at.Item(field, i).Field("typed_config"));
            }
        }
    }

    /// <summary>Tells that there is no such extension.</summary>
    internal static void Unknown(string category, string name, Any? config, FieldScope at)
    {
        string typeUrl = config is null ? string.Empty : TypedConfig.TypeUrlOf(config);
        at.Error($"there is no {category} \"{name}\" with type URL \"{typeUrl}\"");
    }

    private static FrozenDictionary<string, T> Table<T>(params ReadOnlySpan<(string Type, T Value)> lines)
    {
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach ((string type, T value) in lines)
        {
            table.Add(type, value);
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static bool TryFind<T>(FrozenDictionary<string, T> table, Any? config, out T? value)
    {
        value = default;
        return config is not null && table.TryGetValue(TypeOf(config), out value);
    }

    private static string TypeOf(Any config) => SchemaTable.NameOf(TypedConfig.TypeUrlOf(config));
}
