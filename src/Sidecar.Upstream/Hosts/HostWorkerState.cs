using Sidecar.Core.Stats;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Hosts;

/// <summary>
/// A host on one worker: what balancers choose from, and where the host's pools hang. Lives as long as the host is in the worker's
/// snapshot or a pool of it has connections. Thread: its worker.
/// </summary>
public sealed class HostWorkerState
{
    internal HostWorkerState(Host host, StatSheet sheet)
    {
        Host = host;
        Stats = sheet.Block(host.Stats);
    }

    public Host Host { get; }

    /// <summary>This worker's <see cref="HostStats"/>.</summary>
    public StatBlock Stats { get; }

    /// <summary>Requests of this worker under way at the host.</summary>
    public long ActiveRequests => Stats.Get((int)HostStat.RqActive);

    public override string ToString() => Host.AddressText;
}
