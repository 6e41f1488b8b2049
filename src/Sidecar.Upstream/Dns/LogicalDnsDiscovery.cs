using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Dns;

/// <summary>
/// LOGICAL_DNS: one host that connects to the name's first address as of the last answer. A new address does not touch connections to
/// the old one; an empty answer or a failure keeps it. Thread: main.
/// </summary>
internal sealed class LogicalDnsDiscovery : DnsTargetOwner
{
    private readonly Cluster _cluster;
    private readonly DnsLocality _locality;
    private readonly DnsTarget _target;

    public LogicalDnsDiscovery(Cluster cluster, DnsResolver resolver)
    {
        _cluster = cluster;
        _locality = cluster.Model.DnsLocalities[0];
        _target = new DnsTarget(this, cluster, _locality.Endpoints[0], resolver);
    }

    public override void Start() => _target.Start();

    public override void Stop() => _target.Stop();

    public override void OnTargetResolved(DnsTarget target)
    {
        if (target.Addresses.Count == 0)
        {
            // Not more than that the first attempt is over.
            _cluster.OnInitialFetchTimeout();
            return;
        }

        HostModel host = target.HostAt(target.Addresses[0]);
        var locality = new LocalityEndpointsModel(_locality.Locality, _locality.Priority, _locality.Weight, [host]);
        _cluster.UpdateHosts(_cluster.Model.LoadAssignment with { Localities = [locality] });
    }
}
