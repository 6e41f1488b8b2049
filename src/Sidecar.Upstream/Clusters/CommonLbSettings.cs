namespace Sidecar.Upstream.Clusters;

/// <summary><c>common_lb_config.zone_aware_lb_config</c>. Immutable; thread: any.</summary>
public sealed record ZoneAwareLbSettings
{
    public double RoutingEnabledPercent { get; init; } = 100;

    public ulong MinClusterSize { get; init; } = 6;

    public bool FailTrafficOnPanic { get; init; }
}

/// <summary><c>common_lb_config</c>: what all policies share. Immutable; thread: any.</summary>
public sealed record CommonLbSettings
{
    public static readonly CommonLbSettings Default = new();

    /// <summary>Below this share of healthy and degraded hosts all hosts are used; 0 never panics.</summary>
    public double HealthyPanicThresholdPercent { get; init; } = 50;

    /// <summary>Null when locality does not matter or <see cref="LocalityWeighted"/> is set.</summary>
    public ZoneAwareLbSettings? ZoneAware { get; init; }

    /// <summary><c>locality_weighted_lb_config</c>: localities share by their weights and health.</summary>
    public bool LocalityWeighted { get; init; }

    /// <summary>Health, weight and metadata updates within this window are applied together; 0 applies each at once.</summary>
    public long UpdateMergeWindowMs { get; init; } = 1000;

    /// <summary>Hosts that no health check has seen count neither for nor against panic.</summary>
    public bool IgnoreNewHostsUntilFirstHc { get; init; }

    /// <summary>A change of the host set closes the pools of hosts that lost their health.</summary>
    public bool CloseConnectionsOnHostSetChange { get; init; }

    /// <summary>In panic requests fail rather than try unhealthy hosts.</summary>
    public bool FailTrafficOnPanic => ZoneAware?.FailTrafficOnPanic ?? false;
}
