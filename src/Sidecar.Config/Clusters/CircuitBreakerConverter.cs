using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Config.Clusters;

/// <summary><c>circuit_breakers</c>. Thread: main.</summary>
internal static class CircuitBreakerConverter
{
    public static CircuitBreakerSettings Build(CircuitBreakers? proto, FieldScope at)
    {
        if (proto is null)
        {
            return CircuitBreakerSettings.Default;
        }

        return new CircuitBreakerSettings
        {
            DefaultPriority = Build(proto, RoutingPriority.Default),
            HighPriority = Build(proto, RoutingPriority.High),
            PerHostMaxConnections = PerHost(proto, at),
        };
    }

    /// <summary>The first entry of a priority counts.</summary>
    private static CircuitBreakerThresholds Build(CircuitBreakers proto, RoutingPriority priority)
    {
        CircuitBreakerThresholds defaults = CircuitBreakerThresholds.Default;
        foreach (CircuitBreakers.Types.Thresholds thresholds in proto.Thresholds)
        {
            if (thresholds.Priority == priority)
            {
                return new CircuitBreakerThresholds
                {
                    MaxConnections = thresholds.MaxConnections ?? defaults.MaxConnections,
                    MaxPendingRequests = thresholds.MaxPendingRequests ?? defaults.MaxPendingRequests,
                    MaxRequests = thresholds.MaxRequests ?? defaults.MaxRequests,
                    MaxRetries = thresholds.MaxRetries ?? defaults.MaxRetries,
                    MaxConnectionPools = thresholds.MaxConnectionPools ?? defaults.MaxConnectionPools,
                    TrackRemaining = thresholds.TrackRemaining,
                    RetryBudget = Build(thresholds.RetryBudget),
                };
            }
        }

        return defaults;
    }

    private static RetryBudget? Build(CircuitBreakers.Types.Thresholds.Types.RetryBudget? proto)
    {
        if (proto is null)
        {
            return null;
        }

        var defaults = new RetryBudget();
        return new RetryBudget
        {
            BudgetPercent = Percents.Read(proto.BudgetPercent, defaults.BudgetPercent),
            MinRetryConcurrency = proto.MinRetryConcurrency ?? defaults.MinRetryConcurrency,
        };
    }

    private static uint PerHost(CircuitBreakers proto, FieldScope at)
    {
        uint max = 0;
        for (int i = 0; i < proto.PerHostThresholds.Count; i++)
        {
            CircuitBreakers.Types.Thresholds thresholds = proto.PerHostThresholds[i];
            if (thresholds.MaxPendingRequests is not null || thresholds.MaxRequests is not null || thresholds.MaxRetries is not null
                || thresholds.MaxConnectionPools is not null || thresholds.RetryBudget is not null)
            {
                at.Item("per_host_thresholds", i).Error("only max_connections can be limited per host");
            }

            if (thresholds.Priority == RoutingPriority.Default && max == 0)
            {
                max = thresholds.MaxConnections ?? 0;
            }
        }

        return max;
    }
}
