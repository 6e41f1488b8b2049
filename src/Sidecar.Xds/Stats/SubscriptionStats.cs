using Sidecar.Core.Hashing;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Upstream.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Xds.Stats;

/// <summary>What is counted of every subscription, below <c>cluster_manager.cds.</c>, <c>listener_manager.lds.</c> and the like.</summary>
public enum SubscriptionStat
{
    InitFetchTimeout,
    UpdateAttempt,
    UpdateDuration,
    UpdateFailure,
    UpdateRejected,
    UpdateSuccess,
    UpdateTime,
    Version,
}

/// <summary>The lines that a subscription for endpoints adds to those that every cluster has (<see cref="ClusterConfigStats"/>).</summary>
public enum EdsSubscriptionStat
{
    InitFetchTimeout,
    UpdateDuration,
    UpdateRejected,
    UpdateTime,
}

/// <summary>The stats of one subscription. Thread: main.</summary>
public sealed class SubscriptionStats
{
    public static readonly StatTable Table = new(
        "subscription",
        Counter("init_fetch_timeout"),
        Counter("update_attempt"),
        Histogram("update_duration", StatUnit.Milliseconds),
        Counter("update_failure"),
        Counter("update_rejected"),
        Counter("update_success"),
        Gauge("update_time"),
        Gauge("version"));

    public static readonly StatTable EdsTable = new(
        "cluster.eds",
        Counter("init_fetch_timeout"),
        Histogram("update_duration", StatUnit.Milliseconds),
        Counter("update_rejected"),
        Gauge("update_time"));

    private readonly StatStore _store;
    private readonly StatStore.Instance[] _instances;
    private readonly (StatBlock Block, int Offset)[] _slots;

    /// <summary>Stats below <paramref name="scope"/>, e.g. <c>cluster_manager.cds.</c>.</summary>
    public SubscriptionStats(StatStore store, Dispatcher dispatcher, string scope)
    {
        StatStore.Instance instance = store.Register(scope, Table);
        StatBlock block = dispatcher.Stats.Block(instance.Range);
        _store = store;
        _instances = [instance];
        _slots = new (StatBlock, int)[Table.Count];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = (block, i);
        }
    }

    private SubscriptionStats(StatStore store, StatStore.Instance[] instances, (StatBlock Block, int Offset)[] slots)
    {
        _store = store;
        _instances = instances;
        _slots = slots;
    }

    /// <summary><c>version_text</c>: the version of the last accepted update.</summary>
    public string VersionText { get; private set; } = string.Empty;

    /// <summary>Stats of a cluster's endpoints below <paramref name="scope"/>, e.g. <c>cluster.backend.</c>.</summary>
    public static SubscriptionStats ForEndpoints(StatStore store, Dispatcher dispatcher, string scope)
    {
        StatStore.Instance shared = store.Register(scope, ClusterConfigStats.ConfigUpdate);
        StatStore.Instance own = store.Register(scope, EdsTable);
        StatBlock sharedBlock = dispatcher.Stats.Block(shared.Range);
        StatBlock ownBlock = dispatcher.Stats.Block(own.Range);
        return new SubscriptionStats(
            store,
            [shared, own],
            [
                (ownBlock, (int)EdsSubscriptionStat.InitFetchTimeout),
                (sharedBlock, (int)ClusterConfigUpdateStat.UpdateAttempt),
                (ownBlock, (int)EdsSubscriptionStat.UpdateDuration),
                (sharedBlock, (int)ClusterConfigUpdateStat.UpdateFailure),
                (ownBlock, (int)EdsSubscriptionStat.UpdateRejected),
                (sharedBlock, (int)ClusterConfigUpdateStat.UpdateSuccess),
                (ownBlock, (int)EdsSubscriptionStat.UpdateTime),
                (sharedBlock, (int)ClusterConfigUpdateStat.Version),
            ]);
    }

    /// <summary>This thread's value of a counter or gauge.</summary>
    public long Get(SubscriptionStat stat) => _slots[(int)stat].Block.Get(_slots[(int)stat].Offset);

    public void Increment(SubscriptionStat stat) => _slots[(int)stat].Block.Increment(_slots[(int)stat].Offset);

    /// <summary>An update took effect.</summary>
    public void OnSuccess(string version, long unixMs, long durationMs)
    {
        Increment(SubscriptionStat.UpdateSuccess);
        Set(SubscriptionStat.UpdateTime, unixMs);
        Set(SubscriptionStat.Version, (long)XxHash64.Hash(version));
        VersionText = version;
        (StatBlock block, int offset) = _slots[(int)SubscriptionStat.UpdateDuration];
        block.Record(offset, durationMs);
    }

    /// <summary>The subscription is over: its names go. Nothing counts into this object any more.</summary>
    public void Release()
    {
        foreach (StatStore.Instance instance in _instances)
        {
            _ = _store.Release(instance);
        }
    }

    private void Set(SubscriptionStat stat, long value) => _slots[(int)stat].Block.Set(_slots[(int)stat].Offset, value);
}
