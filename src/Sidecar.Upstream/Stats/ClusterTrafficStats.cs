using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Upstream.Stats;

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>: connections and requests.</summary>
public enum ClusterTrafficStat
{
    BindErrors,
    OriginalDstHostInvalid,
    RetryOrShadowAbandoned,
    UpstreamCxActive,
    UpstreamCxCloseNotify,
    UpstreamCxConnectAttemptsExceeded,
    UpstreamCxConnectFail,
    UpstreamCxConnectMs,
    UpstreamCxConnectTimeout,
    UpstreamCxConnectWith0Rtt,
    UpstreamCxDestroy,
    UpstreamCxDestroyLocal,
    UpstreamCxDestroyLocalWithActiveRq,
    UpstreamCxDestroyRemote,
    UpstreamCxDestroyRemoteWithActiveRq,
    UpstreamCxDestroyWithActiveRq,
    UpstreamCxHttp1Total,
    UpstreamCxHttp2Total,
    UpstreamCxHttp3Total,
    UpstreamCxIdleTimeout,
    UpstreamCxLengthMs,
    UpstreamCxMaxDurationReached,
    UpstreamCxMaxRequests,
    UpstreamCxNoneHealthy,
    UpstreamCxOverflow,
    UpstreamCxPoolOverflow,
    UpstreamCxProtocolError,
    UpstreamCxRxBytesBuffered,
    UpstreamCxRxBytesTotal,
    UpstreamCxTotal,
    UpstreamCxTxBytesBuffered,
    UpstreamCxTxBytesTotal,
    UpstreamFlowControlBackedUpTotal,
    UpstreamFlowControlDrainedTotal,
    UpstreamFlowControlPausedReadingTotal,
    UpstreamFlowControlResumedReadingTotal,
    UpstreamHttp3Broken,
    UpstreamInternalRedirectFailedTotal,
    UpstreamInternalRedirectSucceededTotal,
    UpstreamRq0rtt,
    UpstreamRqActive,
    UpstreamRqCancelled,
    UpstreamRqMaintenanceMode,
    UpstreamRqMaxDurationReached,
    UpstreamRqPendingActive,
    UpstreamRqPendingFailureEject,
    UpstreamRqPendingOverflow,
    UpstreamRqPendingTotal,
    UpstreamRqPerCx,
    UpstreamRqPerTryIdleTimeout,
    UpstreamRqPerTryTimeout,
    UpstreamRqRetry,
    UpstreamRqRetryBackoffExponential,
    UpstreamRqRetryBackoffRatelimited,
    UpstreamRqRetryLimitExceeded,
    UpstreamRqRetryOverflow,
    UpstreamRqRetrySuccess,
    UpstreamRqRxReset,
    UpstreamRqTimeout,
    UpstreamRqTotal,
    UpstreamRqTxReset,
}

/// <summary>Drops by load assignment, for load reports. Not printed by Envoy, and not by us: reserved without names.</summary>
public enum ClusterLoadReportStat
{
    UpstreamRqDropOverload,
    UpstreamRqDropped,
}

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>, with <c>track_cluster_stats.request_response_sizes</c>.</summary>
public enum ClusterSizeStat
{
    UpstreamRqBodySize,
    UpstreamRqHeadersCount,
    UpstreamRqHeadersSize,
    UpstreamRsBodySize,
    UpstreamRsHeadersCount,
    UpstreamRsHeadersSize,
}

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>, with <c>track_cluster_stats.timeout_budgets</c>.</summary>
public enum ClusterTimeoutBudgetStat
{
    UpstreamRqTimeoutBudgetPerTryPercentUsed,
    UpstreamRqTimeoutBudgetPercentUsed,
}

/// <summary>The tables behind the enums above, line by line.</summary>
public static class ClusterTrafficStats
{
    public static readonly StatTable Traffic = new(
        "cluster.traffic",
        Counter("bind_errors"),
        Counter("original_dst_host_invalid"),
        Counter("retry_or_shadow_abandoned"),
        Gauge("upstream_cx_active"),
        Counter("upstream_cx_close_notify"),
        Counter("upstream_cx_connect_attempts_exceeded"),
        Counter("upstream_cx_connect_fail"),
        Histogram("upstream_cx_connect_ms", StatUnit.Milliseconds),
        Counter("upstream_cx_connect_timeout"),
        Counter("upstream_cx_connect_with_0_rtt"),
        Counter("upstream_cx_destroy"),
        Counter("upstream_cx_destroy_local"),
        Counter("upstream_cx_destroy_local_with_active_rq"),
        Counter("upstream_cx_destroy_remote"),
        Counter("upstream_cx_destroy_remote_with_active_rq"),
        Counter("upstream_cx_destroy_with_active_rq"),
        Counter("upstream_cx_http1_total"),
        Counter("upstream_cx_http2_total"),
        Counter("upstream_cx_http3_total"),
        Counter("upstream_cx_idle_timeout"),
        Histogram("upstream_cx_length_ms", StatUnit.Milliseconds),
        Counter("upstream_cx_max_duration_reached"),
        Counter("upstream_cx_max_requests"),
        Counter("upstream_cx_none_healthy"),
        Counter("upstream_cx_overflow"),
        Counter("upstream_cx_pool_overflow"),
        Counter("upstream_cx_protocol_error"),
        Gauge("upstream_cx_rx_bytes_buffered"),
        Counter("upstream_cx_rx_bytes_total"),
        Counter("upstream_cx_total"),
        Gauge("upstream_cx_tx_bytes_buffered"),
        Counter("upstream_cx_tx_bytes_total"),
        Counter("upstream_flow_control_backed_up_total"),
        Counter("upstream_flow_control_drained_total"),
        Counter("upstream_flow_control_paused_reading_total"),
        Counter("upstream_flow_control_resumed_reading_total"),
        Counter("upstream_http3_broken"),
        Counter("upstream_internal_redirect_failed_total"),
        Counter("upstream_internal_redirect_succeeded_total"),
        Counter("upstream_rq_0rtt"),
        Gauge("upstream_rq_active"),
        Counter("upstream_rq_cancelled"),
        Counter("upstream_rq_maintenance_mode"),
        Counter("upstream_rq_max_duration_reached"),
        Gauge("upstream_rq_pending_active"),
        Counter("upstream_rq_pending_failure_eject"),
        Counter("upstream_rq_pending_overflow"),
        Counter("upstream_rq_pending_total"),
        Histogram("upstream_rq_per_cx", StatUnit.None),
        Counter("upstream_rq_per_try_idle_timeout"),
        Counter("upstream_rq_per_try_timeout"),
        Counter("upstream_rq_retry"),
        Counter("upstream_rq_retry_backoff_exponential"),
        Counter("upstream_rq_retry_backoff_ratelimited"),
        Counter("upstream_rq_retry_limit_exceeded"),
        Counter("upstream_rq_retry_overflow"),
        Counter("upstream_rq_retry_success"),
        Counter("upstream_rq_rx_reset"),
        Counter("upstream_rq_timeout"),
        Counter("upstream_rq_total"),
        Counter("upstream_rq_tx_reset"));

    public static readonly StatTable LoadReport = new(
        "cluster.load_report",
        Counter("upstream_rq_drop_overload"),
        Counter("upstream_rq_dropped"));

    public static readonly StatTable Sizes = new(
        "cluster.sizes",
        Histogram("upstream_rq_body_size", StatUnit.Bytes),
        Histogram("upstream_rq_headers_count", StatUnit.None),
        Histogram("upstream_rq_headers_size", StatUnit.Bytes),
        Histogram("upstream_rs_body_size", StatUnit.Bytes),
        Histogram("upstream_rs_headers_count", StatUnit.None),
        Histogram("upstream_rs_headers_size", StatUnit.Bytes));

    public static readonly StatTable TimeoutBudget = new(
        "cluster.timeout_budget",
        Histogram("upstream_rq_timeout_budget_per_try_percent_used", StatUnit.Percent),
        Histogram("upstream_rq_timeout_budget_percent_used", StatUnit.Percent));
}
