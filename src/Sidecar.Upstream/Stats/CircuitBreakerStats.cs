using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Upstream.Stats;

/// <summary>
/// Gauges below <c>cluster.&lt;name&gt;.circuit_breakers.&lt;priority&gt;.</c>; the <c>remaining_*</c> ones exist only with <c>track_remaining</c>.
/// </summary>
public enum CircuitBreakerStat
{
    CxOpen,
    CxPoolOpen,
    RqOpen,
    RqPendingOpen,
    RqRetryOpen,
    RemainingCx,
    RemainingCxPools,
    RemainingPending,
    RemainingRetries,
    RemainingRq,
}

/// <summary>The tables behind the enum above: without and with <c>track_remaining</c>.</summary>
public static class CircuitBreakerStats
{
    public static readonly StatTable Open = new(
        "cluster.circuit_breakers.open",
        Gauge("cx_open"),
        Gauge("cx_pool_open"),
        Gauge("rq_open"),
        Gauge("rq_pending_open"),
        Gauge("rq_retry_open"));

    public static readonly StatTable WithRemaining = new(
        "cluster.circuit_breakers",
        Gauge("cx_open"),
        Gauge("cx_pool_open"),
        Gauge("rq_open"),
        Gauge("rq_pending_open"),
        Gauge("rq_retry_open"),
        Gauge("remaining_cx"),
        Gauge("remaining_cx_pools"),
        Gauge("remaining_pending"),
        Gauge("remaining_retries"),
        Gauge("remaining_rq"));
}
