using System;
using System.Collections.Generic;
using System.Net;
using Sidecar.Core.Collections;
using Sidecar.Event.Timers;
using Sidecar.Network.Addresses;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Dns;

/// <summary>Told when a target has new addresses, or none for the first time. Thread: main.</summary>
internal abstract class DnsTargetOwner : ClusterDiscovery
{
    public abstract void OnTargetResolved(DnsTarget target);
}

/// <summary>
/// One name of a DNS cluster: resolved now and again at the refresh rate, after failures with growing waits. A literal address needs
/// neither. Thread: main.
/// </summary>
internal sealed class DnsTarget : DnsResultHandler
{
    private readonly DnsTargetOwner _owner;
    private readonly Cluster _cluster;
    private readonly DnsResolver _resolver;
    private readonly Timer _timer;
    private readonly FastRandom _random;
    private DnsQuery? _query;
    private long _nextFailureMs;

    public DnsTarget(DnsTargetOwner owner, Cluster cluster, DnsEndpoint endpoint, DnsResolver resolver)
    {
        _owner = owner;
        _cluster = cluster;
        _resolver = resolver;
        Endpoint = endpoint;
        Event.Dispatcher main = cluster.MainDispatcher;
        _timer = main.CreateTimer(new Refresh(this));
        _random = new FastRandom((ulong)main.Time.MonotonicNs ^ ((ulong)cluster.Id << 32));
    }

    public DnsEndpoint Endpoint { get; }

    /// <summary>An answer came, or the first attempt failed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Of the last answer.</summary>
    public IReadOnlyList<Address> Addresses { get; private set; } = [];

    private DnsSettings Settings => _cluster.Model.Dns;

    public void Start()
    {
        if (Address.TryParseIp(Endpoint.DnsName, Endpoint.Port, out Address? literal))
        {
            Addresses = [literal!];
            IsDone = true;
            _owner.OnTargetResolved(this);
            return;
        }

        Resolve();
    }

    public void Stop()
    {
        _timer.Disable();
        _query?.Cancel();
        _query = null;
    }

    /// <summary>The host that one of the addresses is.</summary>
    public HostModel HostAt(Address address) => new()
    {
        Address = address,
        Hostname = Endpoint.Hostname.Length > 0 ? Endpoint.Hostname : Endpoint.DnsName,
        Weight = Endpoint.Weight,
        HealthStatus = Endpoint.HealthStatus,
        Canary = Endpoint.Canary,
        HealthCheckPort = Endpoint.HealthCheckPort,
        Metadata = Endpoint.Metadata,
    };

    public override void OnResolved(DnsQuery query)
    {
        _query = null;
        bool isCompleted = query.Status == DnsStatus.Completed;
        Count(isCompleted ? ClusterConfigUpdateStat.UpdateSuccess : ClusterConfigUpdateStat.UpdateFailure);
        _timer.Enable(isCompleted ? NextRefreshMs() : NextRetryMs());
        if (isCompleted)
        {
            TakeOver(query.Addresses);
        }

        if (isCompleted || !IsDone)
        {
            IsDone = true;
            _owner.OnTargetResolved(this);
        }
    }

    private void TakeOver(IReadOnlyList<IPAddress> addresses)
    {
        if (addresses.Count == 0)
        {
            Count(ClusterConfigUpdateStat.UpdateEmpty);
        }

        var taken = new Address[addresses.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = Address.FromIp(addresses[i], Endpoint.Port);
        }

        Addresses = taken;
    }

    private void Resolve()
    {
        Count(ClusterConfigUpdateStat.UpdateAttempt);
        _query = new DnsQuery(Endpoint.DnsName, Settings.LookupFamily, this);
        _resolver.Resolve(_query);
    }

    private long NextRefreshMs()
    {
        _nextFailureMs = 0;
        return Settings.RefreshRateMs + (Settings.JitterMs > 0 ? (long)_random.NextBelow((ulong)Settings.JitterMs) : 0);
    }

    /// <summary>Jittered and doubling from the base to the maximum; without a base, the refresh rate.</summary>
    private long NextRetryMs()
    {
        long baseMs = Settings.FailureBaseIntervalMs;
        if (baseMs <= 0)
        {
            return Settings.RefreshRateMs;
        }

        long maxMs = Settings.FailureMaxIntervalMs > 0 ? Settings.FailureMaxIntervalMs : baseMs * 10;
        long intervalMs = _nextFailureMs == 0 ? baseMs : _nextFailureMs;
        _nextFailureMs = Math.Min(intervalMs * 2, maxMs);
        return 1 + (long)_random.NextBelow((ulong)intervalMs);
    }

    private void Count(ClusterConfigUpdateStat stat) => _cluster.ConfigUpdateStats.Increment((int)stat);

    private sealed class Refresh(DnsTarget target) : TimerHandler
    {
        public override void OnTimer(Timer timer) => target.Resolve();
    }
}
