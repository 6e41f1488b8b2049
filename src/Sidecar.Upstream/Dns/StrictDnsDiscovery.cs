using System.Collections.Generic;
using Sidecar.Network.Addresses;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Dns;

/// <summary>STRICT_DNS: every address of every name is a host. The cluster is warm once each name was tried. Thread: main.</summary>
internal sealed class StrictDnsDiscovery : DnsTargetOwner
{
    private readonly Cluster _cluster;
    private readonly List<(DnsLocality Locality, List<DnsTarget> Targets)> _localities = [];
    private bool _isStarting;

    public StrictDnsDiscovery(Cluster cluster, DnsResolver resolver)
    {
        _cluster = cluster;
        foreach (DnsLocality locality in cluster.Model.DnsLocalities)
        {
            List<DnsTarget> targets = new(locality.Endpoints.Count);
            foreach (DnsEndpoint endpoint in locality.Endpoints)
            {
                targets.Add(new DnsTarget(this, cluster, endpoint, resolver));
            }

            _localities.Add((locality, targets));
        }
    }

    public override void Start()
    {
        _isStarting = true;
        foreach (DnsTarget target in Targets())
        {
            target.Start();
        }

        _isStarting = false;
        UpdateWhenAllDone();
    }

    public override void Stop()
    {
        foreach (DnsTarget target in Targets())
        {
            target.Stop();
        }
    }

    public override void OnTargetResolved(DnsTarget target)
    {
        if (!_isStarting)
        {
            UpdateWhenAllDone();
        }
    }

    private IEnumerable<DnsTarget> Targets()
    {
        foreach ((_, List<DnsTarget> targets) in _localities)
        {
            foreach (DnsTarget target in targets)
            {
                yield return target;
            }
        }
    }

    private void UpdateWhenAllDone()
    {
        foreach (DnsTarget target in Targets())
        {
            if (!target.IsDone)
            {
                return;
            }
        }

        List<LocalityEndpointsModel> localities = new(_localities.Count);
        foreach ((DnsLocality locality, List<DnsTarget> targets) in _localities)
        {
            List<HostModel> hosts = [];
            foreach (DnsTarget target in targets)
            {
                foreach (Address address in target.Addresses)
                {
                    hosts.Add(target.HostAt(address));
                }
            }

            localities.Add(new LocalityEndpointsModel(locality.Locality, locality.Priority, locality.Weight, hosts));
        }

        _cluster.UpdateHosts(_cluster.Model.LoadAssignment with { Localities = localities });
    }
}
