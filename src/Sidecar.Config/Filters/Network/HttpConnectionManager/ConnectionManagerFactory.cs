using System.Collections.Generic;
using System.Text;
using Envoy.Config.Listener.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.AccessLoggers;
using Sidecar.Config.Conversion;
using Sidecar.Config.HttpProtocols;
using Sidecar.Config.Routes;
using Sidecar.Config.Values;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Network.Filters;
using Sidecar.Proxy.ConnectionManager;
using Sidecar.Proxy.Routing;
using CodecTypeProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.CodecType;
using HttpConnectionManagerProto = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager;
using RouteCase = Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.RouteSpecifierOneofCase;
using ServerHeaderProto =
    Envoy.Extensions.Filters.Network.HttpConnectionManager.V3.HttpConnectionManager.Types.ServerHeaderTransformation;

namespace Sidecar.Config.Filters.Network.HttpConnectionManager;

/// <summary><c>envoy.filters.network.http_connection_manager</c>. Thread: main.</summary>
internal static class ConnectionManagerFactory
{
    private const string RoutesTypeUrl = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    private const int DefaultBufferLimitBytes = 1024 * 1024;

    public static NetworkFilterFactory? Build(Any config, Listener listener, FieldScope at)
    {
        if (at.Parse<HttpConnectionManagerProto>(config) is not { } proto)
        {
            return null;
        }

        ConnectionManagerLimits.Check(proto, at);
        RouteTableSource? routes = BuildRoutes(proto, at);
        return routes is null ? null : Build(proto, routes, listener, at);
    }

    private static ConnectionManagerModel Build(HttpConnectionManagerProto proto, RouteTableSource routes, Listener listener, FieldScope at)
    {
        HeaderLimits limits = HeaderLimits.Build(proto.CommonHttpProtocolOptions, proto.MaxRequestHeadersKb, at);
        bool streamError = proto.StreamErrorOnInvalidHttpMessage ?? false;
        FieldScope common = at.Field("common_http_protocol_options");
        (uint trustedHops, bool skipAppend) = ClientAddressConverter.Build(proto, at);
        return new ConnectionManagerModel
        {
            StatPrefix = proto.StatPrefix,
            Stats = at.Context.RegisterStats($"http.{proto.StatPrefix}.", ConnectionManagerStats.Http),
            Http1Stats = at.Context.RegisterStats("http1.", Http1CodecStats.Table),
            Http2Stats = at.Context.RegisterStats("http2.", Http2Stats.Table),
            CodecType = proto.CodecType switch
            {
                CodecTypeProto.Http1 => CodecType.Http1,
                CodecTypeProto.Http2 => CodecType.Http2,
                _ => CodecType.Auto,
            },
            Http1 = Http1SettingsConverter.Build(proto.HttpProtocolOptions, limits, streamError, at.Field("http_protocol_options")),
            Http2 = Http2SettingsConverter.Build(proto.Http2ProtocolOptions, limits, streamError, at.Field("http2_protocol_options")),
            Routes = routes,
            HttpFilters = HttpFilterChain.Build(proto.HttpFilters, at),
            AccessLogs = AccessLogConverter.Build(proto.AccessLog, at, "access_log"),
            ServerName = Encoding.UTF8.GetBytes(proto.ServerName.Length > 0 ? proto.ServerName : "envoy"),
            ServerHeaderTransformation = proto.ServerHeaderTransformation switch
            {
                ServerHeaderProto.AppendIfAbsent => ServerHeaderTransformation.AppendIfAbsent,
                ServerHeaderProto.PassThrough => ServerHeaderTransformation.PassThrough,
                _ => ServerHeaderTransformation.Overwrite,
            },
            Via = Encoding.UTF8.GetBytes(proto.Via),
            UseRemoteAddress = proto.UseRemoteAddress ?? false,
            XffNumTrustedHops = trustedHops,
            SkipXffAppend = skipAppend,
            AppendXForwardedPort = proto.AppendXForwardedPort,
            GenerateRequestId = proto.GenerateRequestId ?? true,
            PreserveExternalRequestId = proto.PreserveExternalRequestId,
            AlwaysSetRequestIdInResponse = proto.AlwaysSetRequestIdInResponse,
            UserAgent = proto.AddUserAgent is true ? Encoding.UTF8.GetBytes(at.Services.ServiceCluster) : [],
            Proxy100Continue = proto.Proxy100Continue,
            StripAnyHostPort = proto.StripAnyHostPort,
            StripMatchingHostPort = proto.StripMatchingHostPort ? (int)(listener.Address?.SocketAddress?.PortValue ?? 0) : 0,
            IdleTimeoutMs = Times.Ms(proto.CommonHttpProtocolOptions?.IdleTimeout, 3_600_000, common, "idle_timeout"),
            MaxConnectionDurationMs = Times.Ms(proto.CommonHttpProtocolOptions?.MaxConnectionDuration, 0, common, "max_connection_duration"),
            MaxStreamDurationMs = Times.Ms(proto.CommonHttpProtocolOptions?.MaxStreamDuration, 0, common, "max_stream_duration"),
            MaxRequestsPerConnection = proto.CommonHttpProtocolOptions?.MaxRequestsPerConnection ?? 0,
            StreamIdleTimeoutMs = Times.Ms(proto.StreamIdleTimeout, 300_000, at, "stream_idle_timeout"),
            RequestTimeoutMs = Times.Ms(proto.RequestTimeout, 0, at, "request_timeout"),
            RequestHeadersTimeoutMs = Times.Ms(proto.RequestHeadersTimeout, 0, at, "request_headers_timeout"),
            DrainTimeoutMs = Times.Ms(proto.DrainTimeout, 5000, at, "drain_timeout"),
            DelayedCloseTimeoutMs = Times.Ms(proto.DelayedCloseTimeout, 1000, at, "delayed_close_timeout"),
            BufferLimitBytes = (int)uint.Min(listener.PerConnectionBufferLimitBytes ?? DefaultBufferLimitBytes, int.MaxValue),
            UpgradeTypes = BuildUpgrades(proto, at),
        };
    }

    /// <summary>Null when errors were told.</summary>
    private static RouteTableSource? BuildRoutes(HttpConnectionManagerProto proto, FieldScope at)
    {
        switch (proto.RouteSpecifierCase)
        {
            case RouteCase.RouteConfig:
                RouteTable? table = RouteTableConverter.Build(proto.RouteConfig, at.Field("route_config"));
                return table is null ? null : RouteTableSource.Inline(table);
            case RouteCase.Rds:
                return BuildRds(proto, at.Field("rds"));
            case RouteCase.ScopedRoutes:
                at.Error("scoped_routes", "scoped routes are not supported");
                return null;
            default:
                at.Error("one of route_config and rds is required");
                return null;
        }
    }

    private static RouteTableSource? BuildRds(HttpConnectionManagerProto proto, FieldScope at)
    {
        if (proto.Rds.RouteConfigName.Length == 0)
        {
            at.Error("route_config_name", "is required");
            return null;
        }

        if (!ConfigSourceConverter.Check(proto.Rds.ConfigSource, at.Field("config_source")))
        {
            return null;
        }

        var subscription = new ResourceSubscription(RoutesTypeUrl, proto.Rds.RouteConfigName, proto.Rds.ConfigSource);
        at.Context.AddSubscription(subscription);
        return at.Services.PublishedRoutes(subscription);
    }

    private static List<byte[]> BuildUpgrades(HttpConnectionManagerProto proto, FieldScope at)
    {
        var types = new List<byte[]>(proto.UpgradeConfigs.Count);
        for (int i = 0; i < proto.UpgradeConfigs.Count; i++)
        {
            HttpConnectionManagerProto.Types.UpgradeConfig upgrade = proto.UpgradeConfigs[i];
            if (upgrade.Filters.Count > 0)
            {
                at.Item("upgrade_configs", i).Error("filters", "a filter chain of its own for an upgrade is not supported");
            }

            if (upgrade.Enabled ?? true)
            {
                types.Add(Encoding.ASCII.GetBytes(upgrade.UpgradeType.ToLowerInvariant()));
            }
        }

        return types;
    }
}
