using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Upstream.Stats;

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>: how the cluster hears of its hosts. Counted on main.</summary>
public enum ClusterConfigUpdateStat
{
    AssignmentStale,
    AssignmentTimeoutReceived,
    AssignmentUseCached,
    UpdateAttempt,
    UpdateEmpty,
    UpdateFailure,
    UpdateNoRebuild,
    UpdateSuccess,
    Version,
    WarmingState,
}

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>: its hosts. Counted on main.</summary>
public enum ClusterEndpointStat
{
    MaxHostWeight,
    MembershipChange,
    MembershipDegraded,
    MembershipExcluded,
    MembershipHealthy,
    MembershipTotal,
}

/// <summary>Stats below <c>cluster.&lt;name&gt;.</c>: host selection.</summary>
public enum ClusterLbStat
{
    LbHealthyPanic,
    LbLocalClusterNotOk,
    LbRecalculateZoneStructures,
    LbSubsetsActive,
    LbSubsetsCreated,
    LbSubsetsFallback,
    LbSubsetsFallbackPanic,
    LbSubsetsRemoved,
    LbSubsetsSelected,
    LbZoneClusterTooSmall,
    LbZoneNoCapacityLeft,
    LbZoneRoutingAllDirectly,
    LbZoneRoutingCrossZone,
    LbZoneRoutingSampled,
}

/// <summary>The tables behind the enums above, line by line.</summary>
public static class ClusterConfigStats
{
    public static readonly StatTable ConfigUpdate = new(
        "cluster.config_update",
        Counter("assignment_stale"),
        Counter("assignment_timeout_received"),
        Counter("assignment_use_cached"),
        Counter("update_attempt"),
        Counter("update_empty"),
        Counter("update_failure"),
        Counter("update_no_rebuild"),
        Counter("update_success"),
        Gauge("version"),
        Gauge("warming_state"));

    public static readonly StatTable Endpoint = new(
        "cluster.endpoint",
        Gauge("max_host_weight"),
        Counter("membership_change"),
        Gauge("membership_degraded"),
        Gauge("membership_excluded"),
        Gauge("membership_healthy"),
        Gauge("membership_total"));

    public static readonly StatTable LoadBalancing = new(
        "cluster.lb",
        Counter("lb_healthy_panic"),
        Counter("lb_local_cluster_not_ok"),
        Counter("lb_recalculate_zone_structures"),
        Gauge("lb_subsets_active"),
        Counter("lb_subsets_created"),
        Counter("lb_subsets_fallback"),
        Counter("lb_subsets_fallback_panic"),
        Counter("lb_subsets_removed"),
        Counter("lb_subsets_selected"),
        Counter("lb_zone_cluster_too_small"),
        Counter("lb_zone_no_capacity_left"),
        Counter("lb_zone_routing_all_directly"),
        Counter("lb_zone_routing_cross_zone"),
        Counter("lb_zone_routing_sampled"));
}
