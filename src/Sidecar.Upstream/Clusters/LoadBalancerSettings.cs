namespace Sidecar.Upstream.Clusters;

/// <summary>Which host a request goes to.</summary>
public enum LoadBalancerPolicy : byte
{
    RoundRobin = 0,
    LeastRequest,
    Random,

    /// <summary>The cluster's discovery brings its own (ORIGINAL_DST).</summary>
    ClusterProvided,
}

/// <summary>How new hosts are warmed up (<c>slow_start_config</c>). Immutable; thread: any.</summary>
public sealed record SlowStartSettings
{
    /// <summary>0 switches slow start off.</summary>
    public long WindowMs { get; init; }

    public double Aggression { get; init; } = 1.0;

    public uint MinWeightPercent { get; init; } = 10;
}

/// <summary>The policy and what it is tuned with. Immutable; thread: any.</summary>
public sealed record LoadBalancerSettings
{
    public static readonly LoadBalancerSettings Default = new();

    public LoadBalancerPolicy Policy { get; init; }

    /// <summary>LEAST_REQUEST: how many hosts are drawn when weights are equal.</summary>
    public uint ChoiceCount { get; init; } = 2;

    /// <summary>LEAST_REQUEST: exponent of the active requests when weights differ; 0 ignores them.</summary>
    public double ActiveRequestBias { get; init; } = 1.0;

    public SlowStartSettings? SlowStart { get; init; }
}
