using System.Collections.Generic;
using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Config.HttpProtocols;
using Sidecar.Config.Values;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Upstream.Clusters;
using ClusterProto = Envoy.Config.Cluster.V3.Cluster;
using CommonOptions = Envoy.Config.Core.V3.HttpProtocolOptions;
using UpstreamOptions = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions;
using VersionCase = Envoy.Extensions.Upstreams.Http.V3.HttpProtocolOptions.UpstreamProtocolOptionsOneofCase;

namespace Sidecar.Config.Clusters;

/// <summary>
/// How a cluster's hosts are spoken to in HTTP: <c>typed_extension_protocol_options</c>, or the older fields of the cluster itself.
/// Immutable. Thread: main.
/// </summary>
internal sealed record UpstreamHttp
{
    private const string OptionsKey = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    public UpstreamHttpVersion Version { get; init; }

    public CommonHttpSettings Common { get; init; } = CommonHttpSettings.Default;

    public Http1Settings Http1 { get; init; } = Http1Settings.Default;

    public Http2Settings Http2 { get; init; } = Http2Settings.Default;

    public static UpstreamHttp Build(ClusterProto proto, FieldScope at)
    {
        UpstreamOptions? options = null;
        foreach (KeyValuePair<string, Any> entry in proto.TypedExtensionProtocolOptions)
        {
            FieldScope there = at.Entry("typed_extension_protocol_options", entry.Key);
            if (entry.Key == OptionsKey)
            {
                options = there.Parse<UpstreamOptions>(entry.Value);
            }
            else
            {
                ExtensionTable.Unknown("upstream protocol options", entry.Key, entry.Value, there);
            }
        }

        return options is null
            ? BuildLegacy(proto, at)
            : BuildOptions(options, proto, at.Entry("typed_extension_protocol_options", OptionsKey));
    }

    private static UpstreamHttp BuildOptions(UpstreamOptions options, ClusterProto cluster, FieldScope at)
    {
        (UpstreamHttpVersion version, Http1ProtocolOptions? http1, Http2ProtocolOptions? http2) = Protocols(options, at);
        ExtensionTable.CheckUpstreamHttpFilters(options.HttpFilters, at, "http_filters");
        HeaderLimits limits = HeaderLimits.Build(options.CommonHttpProtocolOptions, null, at);
        string place = options.UpstreamProtocolOptionsCase switch
        {
            VersionCase.UseDownstreamProtocolConfig => "use_downstream_protocol_config",
            VersionCase.AutoConfig => "auto_config",
            _ => "explicit_http_config",
        };
        return new UpstreamHttp
        {
            Version = version,
            Common = BuildCommon(options.CommonHttpProtocolOptions, cluster, at.Field("common_http_protocol_options")),
            Http1 = Http1SettingsConverter.Build(http1, limits, streamErrorOnInvalid: false, at.Field(place).Field("http_protocol_options")),
            Http2 = Http2SettingsConverter.Build(http2, limits, streamErrorOnInvalid: false, at.Field(place).Field("http2_protocol_options")),
        };
    }

    private static (UpstreamHttpVersion Version, Http1ProtocolOptions? Http1, Http2ProtocolOptions? Http2) Protocols(
        UpstreamOptions options, FieldScope at)
    {
        switch (options.UpstreamProtocolOptionsCase)
        {
            case VersionCase.UseDownstreamProtocolConfig:
                UpstreamOptions.Types.UseDownstreamHttpConfig downstream = options.UseDownstreamProtocolConfig;
                return (UpstreamHttpVersion.UseDownstream, downstream.HttpProtocolOptions, downstream.Http2ProtocolOptions);
            case VersionCase.AutoConfig:
                UpstreamOptions.Types.AutoHttpConfig auto = options.AutoConfig;
                if (auto.Http3ProtocolOptions is not null)
                {
                    at.Field("auto_config").Unsupported("http3_protocol_options", "HTTP/2 or HTTP/1.1 is used");
                }

                return (UpstreamHttpVersion.Auto, auto.HttpProtocolOptions, auto.Http2ProtocolOptions);
            default:
                UpstreamOptions.Types.ExplicitHttpConfig? given = options.ExplicitHttpConfig;
                if (given?.Http3ProtocolOptions is not null)
                {
                    at.Field("explicit_http_config").Error("http3_protocol_options", "HTTP/3 is not supported");
                }

                return given?.Http2ProtocolOptions is { } http2
                    ? (UpstreamHttpVersion.Http2, null, http2)
                    : (UpstreamHttpVersion.Http1, given?.HttpProtocolOptions, null);
        }
    }

    private static UpstreamHttp BuildLegacy(ClusterProto proto, FieldScope at)
    {
        HeaderLimits limits = HeaderLimits.Build(proto.CommonHttpProtocolOptions, null, at);
        UpstreamHttpVersion version = proto.ProtocolSelection == ClusterProto.Types.ClusterProtocolSelection.UseDownstreamProtocol
            ? UpstreamHttpVersion.UseDownstream
            : proto.Http2ProtocolOptions is not null ? UpstreamHttpVersion.Http2 : UpstreamHttpVersion.Http1;
        return new UpstreamHttp
        {
            Version = version,
            Common = BuildCommon(proto.CommonHttpProtocolOptions, proto, at.Field("common_http_protocol_options")),
            Http1 = Http1SettingsConverter.Build(proto.HttpProtocolOptions, limits, false, at.Field("http_protocol_options")),
            Http2 = Http2SettingsConverter.Build(proto.Http2ProtocolOptions, limits, false, at.Field("http2_protocol_options")),
        };
    }

    private static CommonHttpSettings BuildCommon(CommonOptions? proto, ClusterProto cluster, FieldScope at)
    {
        CommonHttpSettings defaults = CommonHttpSettings.Default;
        uint maxRequests = proto?.MaxRequestsPerConnection ?? cluster.MaxRequestsPerConnection ?? defaults.MaxRequestsPerConnection;
        return new CommonHttpSettings
        {
            IdleTimeoutMs = Times.Ms(proto?.IdleTimeout, defaults.IdleTimeoutMs, at, "idle_timeout"),
            MaxConnectionDurationMs = Times.Ms(proto?.MaxConnectionDuration, defaults.MaxConnectionDurationMs, at, "max_connection_duration"),
            MaxStreamDurationMs = Times.Ms(proto?.MaxStreamDuration, defaults.MaxStreamDurationMs, at, "max_stream_duration"),
            MaxRequestsPerConnection = maxRequests,
            MaxResponseHeadersCount = proto?.MaxHeadersCount ?? defaults.MaxResponseHeadersCount,
        };
    }
}
