namespace Sidecar.Upstream.Clusters;

/// <summary>Where a cluster stands on main.</summary>
public enum ClusterState : byte
{
    None = 0,

    /// <summary>Waits for its first hosts (and whoever holds it); an active one of the same name serves meanwhile.</summary>
    Warming,

    /// <summary>Published to the workers.</summary>
    Active,

    /// <summary>Replaced or removed.</summary>
    Removed,
}

/// <summary>Told about clusters as they come and go: endpoint subscriptions, health checkers, admin. Thread: main.</summary>
public abstract class ClusterObserver
{
    /// <summary>A cluster begins to warm; <see cref="Cluster.HoldWarming"/> may be called.</summary>
    public virtual void OnWarming(Cluster cluster)
    {
    }

    /// <summary>A cluster was published, new or in place of one of its name.</summary>
    public virtual void OnActive(Cluster cluster)
    {
    }

    /// <summary>A cluster was replaced or removed: stop what was started for it.</summary>
    public virtual void OnRemoved(Cluster cluster)
    {
    }
}

/// <summary>Finds the hosts of a cluster and hands them to <see cref="Cluster.UpdateHosts"/>. Thread: main.</summary>
public abstract class ClusterDiscovery
{
    public abstract void Start();

    /// <summary>The cluster is gone; no update may follow.</summary>
    public abstract void Stop();
}
