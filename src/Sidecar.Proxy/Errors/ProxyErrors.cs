using Sidecar.Core.Errors;

namespace Sidecar.Proxy.Errors;

/// <summary>
/// The connection manager's and the router's lines of the error table: each cause of a local reply or reset with Envoy's details and
/// flags. Immutable; thread: any.
/// </summary>
public static class ProxyErrors
{
    // ---- the request itself ----
    public static readonly ErrorDetail MissingHost = Bad("missing_host_header");
    public static readonly ErrorDetail MissingPath = new()
    {
        Details = "missing_path_rejected",
        Blame = ErrorBlame.Downstream,
        HttpStatus = 404,
    };

    public static readonly ErrorDetail AbsolutePathRejected = new()
    {
        Details = "absolute_path_rejected",
        Blame = ErrorBlame.Downstream,
        HttpStatus = 404,
    };

    public static readonly ErrorDetail UpgradeFailed = new()
    {
        Details = "upgrade_failed",
        Blame = ErrorBlame.Downstream,
        HttpStatus = 403,
    };

    public static readonly ErrorDetail RequestPayloadTooLarge = new()
    {
        Details = "request_payload_too_large",
        Blame = ErrorBlame.Downstream,
        HttpStatus = 413,
        Body = "Payload Too Large",
    };

    public static readonly ErrorDetail ResponsePayloadTooLarge = new()
    {
        Details = "response_payload_too_large",
        Blame = ErrorBlame.Upstream,
        HttpStatus = 500,
        Body = "Internal Server Error",
    };

    // ---- downstream timeouts and endings ----
    public static readonly ErrorDetail RequestHeaderTimeout = Timeout("request_header_timeout", ResponseFlags.None);
    public static readonly ErrorDetail RequestOverallTimeout = Timeout("request_overall_timeout", ResponseFlags.None);
    public static readonly ErrorDetail StreamIdleTimeout = Timeout("stream_idle_timeout", ResponseFlags.StreamIdleTimeout, "stream timeout");
    public static readonly ErrorDetail MaxDurationTimeout = Timeout("max_duration_timeout", ResponseFlags.DurationTimeout, "downstream duration timeout");

    public static readonly ErrorDetail DownstreamConnectionTermination = new()
    {
        Details = "downstream_remote_disconnect",
        Scope = ErrorScope.Connection,
        Blame = ErrorBlame.Downstream,
        Flag = ResponseFlags.DownstreamConnectionTermination,
    };

    public static readonly ErrorDetail DownstreamRemoteReset = new()
    {
        Details = "http2.remote_reset",
        Scope = ErrorScope.Stream,
        Blame = ErrorBlame.Downstream,
        Flag = ResponseFlags.DownstreamRemoteReset,
    };

    public static readonly ErrorDetail DownstreamLocalDisconnect = new()
    {
        Details = "downstream_local_disconnect",
        Scope = ErrorScope.Connection,
        Blame = ErrorBlame.Internal,
        Flag = ResponseFlags.LocalReset,
    };

    // ---- routing ----
    public static readonly ErrorDetail RouteNotFound = new()
    {
        Details = "route_not_found",
        Blame = ErrorBlame.Downstream,
        HttpStatus = 404,
        Flag = ResponseFlags.NoRouteFound,
    };

    public static readonly ErrorDetail DirectResponse = new() { Details = "direct_response", HttpStatus = 200 };

    public static readonly ErrorDetail ClusterNotFound503 = NoCluster(503);
    public static readonly ErrorDetail ClusterNotFound404 = NoCluster(404);
    public static readonly ErrorDetail ClusterNotFound500 = NoCluster(500);

    public static readonly ErrorDetail MaintenanceMode = new()
    {
        Details = "maintenance_mode",
        HttpStatus = 503,
        Flag = ResponseFlags.UpstreamOverflow,
        Body = "maintenance mode",
    };

    public static readonly ErrorDetail DropOverload = new()
    {
        Details = "drop_overload",
        HttpStatus = 503,
        Flag = ResponseFlags.DropOverLoad,
        Body = "drop overload",
    };

    // ---- upstream ----
    public static readonly ErrorDetail NoHealthyUpstream = new()
    {
        Details = "no_healthy_upstream",
        Blame = ErrorBlame.Upstream,
        HttpStatus = 503,
        Flag = ResponseFlags.NoHealthyUpstream,
        Retry = RetryClass.Never,
        Body = "no healthy upstream",
    };

    public static readonly ErrorDetail UpstreamOverflow = Reset(
        "overflow", ResponseFlags.UpstreamOverflow, RetryClass.Always);

    public static readonly ErrorDetail UpstreamConnectionFailure = Reset(
        "remote connection failure", ResponseFlags.UpstreamConnectionFailure, RetryClass.Always);

    public static readonly ErrorDetail UpstreamLocalConnectionFailure = Reset(
        "local connection failure", ResponseFlags.UpstreamConnectionFailure, RetryClass.Always);

    public static readonly ErrorDetail UpstreamConnectionTimeout = Reset(
        "connection timeout", ResponseFlags.UpstreamConnectionFailure, RetryClass.Always);

    public static readonly ErrorDetail UpstreamConnectionTermination = Reset(
        "connection termination", ResponseFlags.UpstreamConnectionTermination, RetryClass.IfReusedConnection);

    public static readonly ErrorDetail UpstreamRemoteReset = Reset("remote reset", ResponseFlags.UpstreamRemoteReset, RetryClass.Always);

    public static readonly ErrorDetail UpstreamRefusedStream = Reset(
        "remote refused stream reset", ResponseFlags.UpstreamRemoteReset, RetryClass.Always);

    public static readonly ErrorDetail UpstreamProtocolError = new()
    {
        Details = "upstream_reset_before_response_started{protocol_error}",
        Scope = ErrorScope.Connection,
        Blame = ErrorBlame.Upstream,
        HttpStatus = 502,
        Flag = ResponseFlags.UpstreamProtocolError,
        Body = "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
    };

    public static readonly ErrorDetail UpstreamLocalReset = Reset("local reset", ResponseFlags.LocalReset, RetryClass.Never);

    /// <summary>The response had begun; there is nothing left to answer with.</summary>
    public static readonly ErrorDetail UpstreamResetAfterResponseStarted = new()
    {
        Details = "upstream_reset_after_response_started{connection_termination}",
        Scope = ErrorScope.Stream,
        Blame = ErrorBlame.Upstream,
        Flag = ResponseFlags.UpstreamConnectionTermination,
    };

    public static readonly ErrorDetail UpstreamRemoteResetAfterResponseStarted = new()
    {
        Details = "upstream_reset_after_response_started{remote_reset}",
        Scope = ErrorScope.Stream,
        Blame = ErrorBlame.Upstream,
        Flag = ResponseFlags.UpstreamRemoteReset,
    };

    public static readonly ErrorDetail UpstreamResponseTimeout = UpstreamTimeout("response_timeout", ResponseFlags.UpstreamRequestTimeout);

    public static readonly ErrorDetail UpstreamPerTryTimeout = UpstreamTimeout(
        "upstream_per_try_timeout", ResponseFlags.UpstreamRequestTimeout);

    public static readonly ErrorDetail UpstreamPerTryIdleTimeout = UpstreamTimeout(
        "upstream_per_try_idle_timeout", ResponseFlags.StreamIdleTimeout);

    public static readonly ErrorDetail UpstreamMaxStreamDuration = new()
    {
        Details = "upstream_max_stream_duration_reached",
        Blame = ErrorBlame.Upstream,
        HttpStatus = 504,
        Flag = ResponseFlags.UpstreamMaxStreamDurationReached,
        Body = "upstream max stream duration reached",
    };

    /// <summary>The details of a response that the upstream gave.</summary>
    public const string ViaUpstream = "via_upstream";

    private static ErrorDetail Bad(string details) => new()
    {
        Details = details,
        Blame = ErrorBlame.Downstream,
        HttpStatus = 400,
        Flag = ResponseFlags.DownstreamProtocolError,
    };

    private static ErrorDetail Timeout(string details, ResponseFlags flag, string body = "request timeout") => new()
    {
        Details = details,
        Blame = ErrorBlame.Downstream,
        HttpStatus = 408,
        Flag = flag,
        Body = body,
    };

    private static ErrorDetail NoCluster(int status) => new()
    {
        Details = "cluster_not_found",
        HttpStatus = status,
        Flag = ResponseFlags.NoClusterFound,
    };

    /// <summary>Envoy's wording for an attempt that ended before the response's head.</summary>
    private static ErrorDetail Reset(string reason, ResponseFlags flag, RetryClass retry) => new()
    {
        Details = "upstream_reset_before_response_started{" + reason.Replace(' ', '_') + "}",
        Scope = ErrorScope.Stream,
        Blame = ErrorBlame.Upstream,
        HttpStatus = 503,
        Flag = flag,
        Retry = retry,
        Body = "upstream connect error or disconnect/reset before headers. reset reason: " + reason,
    };

    private static ErrorDetail UpstreamTimeout(string details, ResponseFlags flag) => new()
    {
        Details = details,
        Blame = ErrorBlame.Upstream,
        HttpStatus = 504,
        Flag = flag,
        Retry = RetryClass.Always,
        Body = "upstream request timeout",
    };
}
