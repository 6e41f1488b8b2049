namespace Sidecar.Upstream.Clusters;

/// <summary>How a cluster finds its hosts. Values are Envoy's.</summary>
public enum ClusterDiscoveryType : byte
{
    /// <summary>The endpoints of <c>load_assignment</c>, addresses only.</summary>
    Static = 0,

    /// <summary>Every address that DNS answers is a host.</summary>
    StrictDns,

    /// <summary>One host whose address is DNS's first answer; connections made to earlier answers stay.</summary>
    LogicalDns,

    /// <summary>The endpoint discovery service.</summary>
    Eds,

    /// <summary>The address to which the downstream connection was headed.</summary>
    OriginalDst,
}
