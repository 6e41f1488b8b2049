using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Upstream.Stats;

/// <summary>Stats below <c>cluster_manager.</c></summary>
public enum ClusterManagerStat
{
    ActiveClusters,
    ClusterAdded,
    ClusterModified,
    ClusterRemoved,
    ClusterUpdated,
    ClusterUpdatedViaMerge,
    UpdateMergeCancelled,
    UpdateOutOfMergeWindow,
    WarmingClusters,
}

/// <summary>The table behind the enum above, line by line.</summary>
public static class ClusterManagerStats
{
    public static readonly StatTable ClusterManager = new(
        "cluster_manager",
        Gauge("active_clusters"),
        Counter("cluster_added"),
        Counter("cluster_modified"),
        Counter("cluster_removed"),
        Counter("cluster_updated"),
        Counter("cluster_updated_via_merge"),
        Counter("update_merge_cancelled"),
        Counter("update_out_of_merge_window"),
        Gauge("warming_clusters"));
}
