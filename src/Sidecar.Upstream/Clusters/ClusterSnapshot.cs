using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Clusters;

/// <summary>A cluster as of one publication: a generation of its configuration and its hosts. Immutable; thread: any.</summary>
internal sealed record ClusterSnapshot(ClusterGeneration Generation, PrioritySet Hosts, uint DropOverloadPerMillion);
