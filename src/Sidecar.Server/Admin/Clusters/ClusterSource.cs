using System.Collections.Generic;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Server.Admin.Clusters;

/// <summary>A cluster with its hosts as of now. Immutable; thread: main.</summary>
/// <param name="Model">Its configuration.</param>
/// <param name="Hosts">Its hosts.</param>
public sealed record ClusterView(ClusterModel Model, PrioritySet Hosts)
{
    /// <summary>The name of its load assignment.</summary>
    public string EdsName => Model.EdsServiceName.Length > 0 ? Model.EdsServiceName : Model.Name;
}

/// <summary>The clusters that requests may be sent to. Thread: main.</summary>
public abstract class ClusterSource
{
    /// <summary>Those in force; not those that are warming.</summary>
    public abstract IEnumerable<ClusterView> Active { get; }
}

/// <summary>The clusters of the process. Thread: main.</summary>
public sealed class ManagedClusters(ClusterManager manager) : ClusterSource
{
    public override IEnumerable<ClusterView> Active
    {
        get
        {
            foreach (Cluster cluster in manager.ActiveClusters)
            {
                yield return new ClusterView(cluster.Model, cluster.Hosts.Current);
            }
        }
    }
}
