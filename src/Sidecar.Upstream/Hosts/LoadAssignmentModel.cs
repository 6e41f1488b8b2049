using System.Collections.Generic;

namespace Sidecar.Upstream.Hosts;

/// <summary>The endpoints of one locality at one priority. Immutable; thread: any.</summary>
/// <param name="Locality">Where they run.</param>
/// <param name="Priority">0 is tried first.</param>
/// <param name="Weight">Of the locality among those of its priority, for locality-weighted balancing; 0 takes no traffic there.</param>
/// <param name="Endpoints">In configured order.</param>
public sealed record LocalityEndpointsModel(Locality Locality, uint Priority, uint Weight, IReadOnlyList<HostModel> Endpoints);

/// <summary>A <c>ClusterLoadAssignment</c>: what discovery says of a cluster's endpoints. Immutable; thread: any.</summary>
public sealed record LoadAssignmentModel
{
    public static readonly LoadAssignmentModel Empty = new();

    public IReadOnlyList<LocalityEndpointsModel> Localities { get; init; } = [];

    /// <summary>A priority keeps all of its traffic until fewer than 100/factor of its hosts are healthy.</summary>
    public uint OverprovisioningFactorPercent { get; init; } = 140;

    /// <summary>Hosts count by their weights in the health of a priority.</summary>
    public bool WeightedPriorityHealth { get; init; }

    /// <summary>Share of requests to drop, in millionths.</summary>
    public uint DropOverloadPerMillion { get; init; }
}
