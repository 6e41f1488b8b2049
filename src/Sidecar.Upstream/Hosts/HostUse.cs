using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Hosts;

/// <summary>Returns a host's slots once no thread has state of it. Thread: any.</summary>
internal sealed class HostUse(StatRecycler recycler, StatRange range) : UseCount(recycler.Registry.Main)
{
    protected override void OnUnused() => recycler.Recycle(range);
}
