using System;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Hosts;

/// <summary>
/// A host on one worker: what balancers choose from, and where the host's pools hang. Lives as long as the host is in the worker's
/// snapshot or a pool of it has connections. Thread: its worker.
/// </summary>
public sealed class HostWorkerState
{
    /// <summary>Two priorities, two HTTP versions.</summary>
    internal const int PoolSlots = 4;

    private readonly ConnectionPool?[] _pools = new ConnectionPool?[PoolSlots];
    private int _poolCount;
    private bool _isRemoved;

    internal HostWorkerState(Host host, StatSheet sheet)
    {
        Host = host;
        Stats = sheet.Block(host.Stats);
        host.Use?.Acquire();
    }

    public Host Host { get; }

    /// <summary>This worker's <see cref="HostStats"/>.</summary>
    public StatBlock Stats { get; }

    /// <summary>Requests of this worker under way at the host.</summary>
    public long ActiveRequests => Stats.Get((int)HostStat.RqActive);

    /// <summary>Called once the host is removed and its last pool has drained.</summary>
    internal Action<HostWorkerState>? OnRetired { get; set; }

    public override string ToString() => Host.AddressText;

    internal ConnectionPool? PoolAt(int slot) => _pools[slot];

    internal void SetPool(int slot, ConnectionPool pool)
    {
        _pools[slot] = pool;
        _poolCount++;
        pool.OnDrained = OnPoolDrained;
    }

    /// <summary>Lets its connections finish and close; the next request makes new pools.</summary>
    internal void DrainPools()
    {
        for (int slot = 0; slot < PoolSlots; slot++)
        {
            ConnectionPool? pool = _pools[slot];
            _pools[slot] = null;
            pool?.Drain();
        }
    }

    /// <summary>The host is gone from the snapshot, or its cluster is: no request will ask for it again.</summary>
    internal void Remove()
    {
        DrainPools();
        _isRemoved = true;
        RetireWhenUnused();
    }

    private void OnPoolDrained(ConnectionPool pool)
    {
        // A pool may report more than once.
        pool.OnDrained = null;
        pool.Settings.Limits.ConnectionPools.Return();
        _poolCount--;
        RetireWhenUnused();
    }

    private void RetireWhenUnused()
    {
        if (_isRemoved && _poolCount == 0 && OnRetired is { } onRetired)
        {
            OnRetired = null;
            Host.Use?.Release();
            onRetired(this);
        }
    }
}
