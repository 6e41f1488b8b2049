using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.CircuitBreakers;

/// <summary>The circuit breakers of one cluster at one priority, on one worker. Thread: its worker.</summary>
public sealed class ResourceLimits
{
    /// <param name="thresholds">As configured.</param>
    /// <param name="counts">What all workers use together.</param>
    /// <param name="stats">This worker's block of <see cref="TableOf"/>.</param>
    public ResourceLimits(CircuitBreakerThresholds thresholds, SharedCounts counts, StatBlock stats)
    {
        bool remaining = thresholds.TrackRemaining;
        // A retry budget is a share of what is under way, which therefore has to be counted.
        bool count = remaining || thresholds.RetryBudget is not null;
        Connections = new ResourceLimit(
            counts,
            Resource.Connections,
            thresholds.MaxConnections,
            remaining,
            Gauges(CircuitBreakerStat.CxOpen, CircuitBreakerStat.RemainingCx));
        PendingRequests = new ResourceLimit(
            counts,
            Resource.PendingRequests,
            thresholds.MaxPendingRequests,
            count,
            Gauges(CircuitBreakerStat.RqPendingOpen, CircuitBreakerStat.RemainingPending));
        Requests = new ResourceLimit(
            counts,
            Resource.Requests,
            thresholds.MaxRequests,
            count,
            Gauges(CircuitBreakerStat.RqOpen, CircuitBreakerStat.RemainingRq));
        ConnectionPools = new ResourceLimit(
            counts,
            Resource.ConnectionPools,
            thresholds.MaxConnectionPools,
            remaining,
            Gauges(CircuitBreakerStat.CxPoolOpen, CircuitBreakerStat.RemainingCxPools));
        var retries = new ResourceLimit(
            counts,
            Resource.Retries,
            thresholds.MaxRetries,
            remaining,
            Gauges(CircuitBreakerStat.RqRetryOpen, CircuitBreakerStat.RemainingRetries));
        Retries = new RetryLimit(retries, thresholds.RetryBudget, counts, stats);

        LimitGauges Gauges(CircuitBreakerStat open, CircuitBreakerStat left) => new(stats, (int)open, remaining ? (int)left : 0);
    }

    public ResourceLimit Connections { get; }

    public ResourceLimit PendingRequests { get; }

    public ResourceLimit Requests { get; }

    public RetryLimit Retries { get; }

    public ResourceLimit ConnectionPools { get; }

    /// <summary>The table that thresholds need.</summary>
    public static StatTable TableOf(CircuitBreakerThresholds thresholds) =>
        thresholds.TrackRemaining ? CircuitBreakerStats.WithRemaining : CircuitBreakerStats.Open;

    /// <summary>
    /// Sets what remains when nothing is used; workers then count up and down from it in their own slots. On one thread, once, before
    /// the cluster is used.
    /// </summary>
    public static void InitializeRemaining(CircuitBreakerThresholds thresholds, StatBlock stats)
    {
        if (thresholds.TrackRemaining)
        {
            stats.Set((int)CircuitBreakerStat.RemainingCx, thresholds.MaxConnections);
            stats.Set((int)CircuitBreakerStat.RemainingPending, thresholds.MaxPendingRequests);
            stats.Set((int)CircuitBreakerStat.RemainingRq, thresholds.MaxRequests);
            stats.Set((int)CircuitBreakerStat.RemainingRetries, thresholds.RetryBudget is null ? thresholds.MaxRetries : 0);
            stats.Set((int)CircuitBreakerStat.RemainingCxPools, thresholds.MaxConnectionPools);
        }
    }
}
