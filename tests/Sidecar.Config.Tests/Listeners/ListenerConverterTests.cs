using System;
using System.Linq;
using Sidecar.Config.Resources;
using Sidecar.Config.Tests.Resources;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.ConnectionManager;

namespace Sidecar.Config.Tests.Listeners;

public sealed class ListenerConverterTests : IDisposable
{
    private readonly PipelineFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Listener_NothingElseSet_HasEnvoysDefaults()
    {
        ListenerModel model = PipelineFixture.Accepted(_fixture.Listener(Yaml.Listener()));
        Assert.Equal("127.0.0.1:80", model.Address.ToString());
        Assert.True(model.ReusePort);
        Assert.Equal(1024 * 1024, model.PerConnectionBufferLimitBytes);
        Assert.Equal(0, model.MaxConnections);
        Assert.Equal(DrainType.Default, model.DrainType);
        Assert.Equal("envoy.filters.network.http_connection_manager", model.FilterChains.Single().Filters.Single().Name);
    }

    [Fact]
    public void Listener_EverythingSet_IsTaken()
    {
        ListenerModel model = PipelineFixture.Accepted(_fixture.Listener(Yaml.Listener(listener: """
            stat_prefix: inbound
            per_connection_buffer_limit_bytes: 1000
            enable_reuse_port: false
            tcp_backlog_size: 7
            drain_type: MODIFY_ONLY
            traffic_direction: INBOUND
            ignore_global_conn_limit: true
            tcp_fast_open_queue_length: 3
            socket_options: [{ level: 1, name: 9, int_value: 1, state: STATE_PREBIND }]
            """)));
        Assert.Equal("inbound", model.StatPrefix);
        Assert.Equal(1000, model.PerConnectionBufferLimitBytes);
        Assert.False(model.ReusePort);
        Assert.Equal(7, model.TcpBacklogSize);
        Assert.Equal(DrainType.ModifyOnly, model.DrainType);
        Assert.Equal(TrafficDirection.Inbound, model.TrafficDirection);
        Assert.True(model.IgnoreGlobalConnectionLimit);
        Assert.Equal([9, 23], model.SocketOptions.Select(option => option.Name));
    }

    [Fact]
    public void ConnectionManager_Rds_AsksForItsRoutes()
    {
        TranslatedResource<ListenerModel> translated =
            _fixture.Listener(Yaml.Listener(routes: "rds: { route_config_name: r, config_source: { ads: {} } }"));
        PipelineFixture.Accepted(translated);
        Assert.Equal("r", Assert.Single(translated.Subscriptions).Name);
    }

    [Fact]
    public void ConnectionManager_Rejected_LeavesNoStatsBehind()
    {
        int before = _fixture.Stats.Instances.Count;
        Assert.False(_fixture.Listener(Yaml.Listener(manager: "normalize_path: true")).IsAccepted);
        Assert.Equal(before, _fixture.Stats.Instances.Count);
    }

    [Fact]
    public void ConnectionManager_EverythingSet_IsTaken()
    {
        ConnectionManagerModel model = Manager("""
            codec_type: HTTP2
            add_user_agent: true
            server_name: s
            server_header_transformation: PASS_THROUGH
            via: v
            use_remote_address: true
            xff_num_trusted_hops: 2
            skip_xff_append: true
            append_x_forwarded_port: true
            generate_request_id: false
            preserve_external_request_id: true
            always_set_request_id_in_response: true
            proxy_100_continue: true
            strip_matching_host_port: true
            max_request_headers_kb: 10
            stream_idle_timeout: 1s
            request_timeout: 2s
            request_headers_timeout: 3s
            drain_timeout: 4s
            delayed_close_timeout: 5s
            upgrade_configs: [{ upgrade_type: WebSocket }, { upgrade_type: x, enabled: false }]
            common_http_protocol_options:
              { idle_timeout: 6s, max_connection_duration: 7s, max_stream_duration: 8s, max_requests_per_connection: 9, max_headers_count: 11 }
            """);
        Assert.Equal(CodecType.Http2, model.CodecType);
        Assert.Equal("shop"u8, model.UserAgent);
        Assert.Equal("s"u8, model.ServerName);
        Assert.Equal(ServerHeaderTransformation.PassThrough, model.ServerHeaderTransformation);
        Assert.Equal("v"u8, model.Via);
        Assert.True(model.UseRemoteAddress && model.SkipXffAppend && model.AppendXForwardedPort && model.Proxy100Continue);
        Assert.True(!model.GenerateRequestId && model.PreserveExternalRequestId && model.AlwaysSetRequestIdInResponse);
        Assert.Equal(2u, model.XffNumTrustedHops);
        Assert.Equal(80, model.StripMatchingHostPort);
        Assert.Equal(10, model.Http1.MaxHeadersKb);
        Assert.Equal(11, model.Http2.MaxHeadersCount);
        Assert.Equal("websocket"u8, model.UpgradeTypes.Single());
        Assert.Equal(
            [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000],
            [
                model.StreamIdleTimeoutMs, model.RequestTimeoutMs, model.RequestHeadersTimeoutMs, model.DrainTimeoutMs,
                model.DelayedCloseTimeoutMs, model.IdleTimeoutMs, model.MaxConnectionDurationMs, model.MaxStreamDurationMs,
            ]);
        Assert.Equal(9u, model.MaxRequestsPerConnection);
    }

    [Fact]
    public void ConnectionManager_NothingSet_HasEnvoysDefaults()
    {
        ConnectionManagerModel model = Manager("");
        Assert.Equal("envoy"u8, model.ServerName);
        Assert.Equal(
            [300_000, 0, 0, 5000, 1000, 3_600_000, 0, 0],
            [
                model.StreamIdleTimeoutMs, model.RequestTimeoutMs, model.RequestHeadersTimeoutMs, model.DrainTimeoutMs,
                model.DelayedCloseTimeoutMs, model.IdleTimeoutMs, model.MaxConnectionDurationMs, model.MaxStreamDurationMs,
            ]);
        Assert.True(model.GenerateRequestId);
        Assert.False(model.UseRemoteAddress);
    }

    [Fact]
    public void OptionalHttpFilter_Unknown_IsLeftOutAndTold()
    {
        TranslatedResource<ListenerModel> translated = _fixture.Listener(Yaml.Listener(filters: """
            - name: buffer
              is_optional: true
              typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb }
            """));
        PipelineFixture.Accepted(translated);
        Assert.Contains(
            "filter_chains[0].filters[0].typed_config.http_filters[0].typed_config"
            + " (an optional filter that Sidecar does not have is left out)",
            translated.Unsupported);
    }

    [Theory]
    [InlineData("bind_to_port: false", "bind_to_port")]
    [InlineData("use_original_dst: true", "use_original_dst")]
    [InlineData("transparent: true", "transparent")]
    [InlineData("additional_addresses: [{ address: { socket_address: { address: 127.0.0.2, port_value: 1 } } }]", "additional_addresses")]
    [InlineData("api_listener: {}", "api_listener")]
    [InlineData("internal_listener: {}", "internal_listener")]
    [InlineData("default_filter_chain: { filters: [{ name: x }] }", "default_filter_chain.filters[0].typed_config")]
    [InlineData("listener_filters: [{ name: x, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.filters.listener.original_dst.v3.OriginalDst } }]",
        "listener_filters[0].typed_config")]
    public void Listener_OneThingWrong_IsRejectedWithItsPath(string yaml, string path) =>
        Assert.Equal([path], PipelineFixture.Paths(_fixture.Listener(Yaml.Listener(listener: yaml))));

    [Theory]
    [InlineData("normalize_path: true", "normalize_path")]
    [InlineData("merge_slashes: true", "merge_slashes")]
    [InlineData("path_with_escaped_slashes_action: REJECT_REQUEST", "path_with_escaped_slashes_action")]
    [InlineData("forward_client_cert_details: ALWAYS_FORWARD_ONLY", "forward_client_cert_details")]
    [InlineData("internal_address_config: { unix_sockets: true }", "internal_address_config")]
    [InlineData("codec_type: HTTP3", "codec_type")]
    [InlineData("max_request_headers_kb: 9000", "max_request_headers_kb")]
    [InlineData("access_log: [{ name: x, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.access_loggers.wasm.v3.WasmAccessLog } }]",
        "access_log[0].typed_config")]
    [InlineData("access_log: [{ name: x, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog, log_format: { text_format_source: { inline_string: \"%NOPE%\" } } } }]",
        "access_log[0].typed_config.log_format.text_format_source")]
    [InlineData("access_log: [{ filter: { response_flag_filter: { flags: [UH] } }, name: x, typed_config: { \"@type\": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /nowhere/at/all } }]",
        "access_log[0].typed_config.path")]
    public void ConnectionManager_OneThingWrong_IsRejectedWithItsPath(string yaml, string path) => Assert.Equal(
        ["filter_chains[0].filters[0].typed_config." + path],
        PipelineFixture.Paths(_fixture.Listener(Yaml.Listener(manager: yaml))));

    [Fact]
    public void NetworkFilter_Unknown_IsNamed() => Assert.Equal(
        ["filter_chains[0].filters[0].typed_config: there is no network filter \"tcp\" with type URL"
            + " \"type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo\""],
        PipelineFixture.Errors(_fixture.Listener("""
            name: l
            address: { socket_address: { address: 127.0.0.1, port_value: 80 } }
            filter_chains:
            - filters:
              - { name: tcp, typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo } }
            """)));

    private ConnectionManagerModel Manager(string yaml) => Assert.IsType<ConnectionManagerModel>(
        PipelineFixture.Accepted(_fixture.Listener(Yaml.Listener(manager: yaml))).FilterChains[0].Filters[0]);
}
