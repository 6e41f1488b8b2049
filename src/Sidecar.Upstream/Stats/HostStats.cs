using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Upstream.Stats;

/// <summary>Counts of one host; <c>/clusters</c> prints them, <c>/stats</c> does not.</summary>
public enum HostStat
{
    CxActive,
    CxConnectFail,
    CxTotal,
    RqActive,
    RqError,
    RqSuccess,
    RqTimeout,
    RqTotal,
}

/// <summary>The table behind <see cref="HostStat"/>, in the order in which Envoy prints it.</summary>
public static class HostStats
{
    public static readonly StatTable Host = new(
        "host",
        Gauge("cx_active"),
        Counter("cx_connect_fail"),
        Counter("cx_total"),
        Gauge("rq_active"),
        Counter("rq_error"),
        Counter("rq_success"),
        Counter("rq_timeout"),
        Counter("rq_total"));
}
