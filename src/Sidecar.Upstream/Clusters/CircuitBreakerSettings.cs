namespace Sidecar.Upstream.Clusters;

/// <summary>Which thresholds a request counts against. Values are Envoy's.</summary>
public enum ResourcePriority : byte
{
    Default = 0,
    High,
}

/// <summary>Retries as a share of what is under way, instead of a fixed number. Immutable; thread: any.</summary>
public sealed record RetryBudget
{
    public double BudgetPercent { get; init; } = 20;

    public uint MinRetryConcurrency { get; init; } = 3;
}

/// <summary><c>circuit_breakers.thresholds</c> of one priority, over all workers. Immutable; thread: any.</summary>
public sealed record CircuitBreakerThresholds
{
    public static readonly CircuitBreakerThresholds Default = new();

    public uint MaxConnections { get; init; } = 1024;

    public uint MaxPendingRequests { get; init; } = 1024;

    public uint MaxRequests { get; init; } = 1024;

    public uint MaxRetries { get; init; } = 3;

    public uint MaxConnectionPools { get; init; } = uint.MaxValue;

    /// <summary>Keeps the <c>remaining_*</c> gauges.</summary>
    public bool TrackRemaining { get; init; }

    /// <summary>Overrides <see cref="MaxRetries"/>.</summary>
    public RetryBudget? RetryBudget { get; init; }
}

/// <summary><c>circuit_breakers</c>. Immutable; thread: any.</summary>
public sealed record CircuitBreakerSettings
{
    public static readonly CircuitBreakerSettings Default = new();

    public CircuitBreakerThresholds DefaultPriority { get; init; } = CircuitBreakerThresholds.Default;

    public CircuitBreakerThresholds HighPriority { get; init; } = CircuitBreakerThresholds.Default;

    /// <summary><c>per_host_thresholds</c>; 0 means no limit.</summary>
    public uint PerHostMaxConnections { get; init; }
}
