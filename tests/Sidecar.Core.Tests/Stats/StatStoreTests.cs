using System;
using Sidecar.Core.Stats;

namespace Sidecar.Core.Tests.Stats;

public sealed class StatStoreTests
{
    private static readonly StatTable s_table = new(
        "cluster",
        StatTable.Counter("upstream_rq_total"),
        StatTable.Gauge("upstream_rq_active"),
        StatTable.Histogram("upstream_rq_time", StatUnit.Milliseconds));

    private readonly StatStore _store = new();

    [Fact]
    public void Sum_AddsTheThreads()
    {
        StatSheet a = _store.CreateSheet("worker_0");
        StatSheet b = _store.CreateSheet("worker_1");
        StatStore.Instance instance = _store.Register("cluster.x.", s_table);

        a.Block(instance.Range).Add(0, 3);
        b.Block(instance.Range).Increment(0);
        a.Block(instance.Range).Increment(1);
        b.Block(instance.Range).Decrement(1);

        Assert.Equal((4, 0), (_store.Sum(instance, 0), _store.Sum(instance, 1)));
    }

    [Fact]
    public void Register_SameScopeAndTable_IsOneCountedInstance()
    {
        StatStore.Instance first = _store.Register("cluster.x.", s_table);
        Assert.Same(first, _store.Register("cluster.x.", s_table));

        Assert.False(_store.Release(first));
        Assert.Single(_store.Instances);
        Assert.True(_store.Release(first));
        Assert.Empty(_store.Instances);
    }

    [Fact]
    public void Register_SingleDefinition_IsOneInstanceByName()
    {
        StatStore.Instance first = _store.Register("vhost.a.", StatTable.Counter("retry"));
        Assert.Same(first, _store.Register("vhost.a.", StatTable.Counter("retry")));
        Assert.NotSame(first, _store.Register("vhost.a.", StatTable.Gauge("retry")));
    }

    [Fact]
    public void Recycle_AfterClear_GivesTheSlotsBackAtZero()
    {
        StatSheet sheet = _store.CreateSheet("worker_0");
        StatStore.Instance old = _store.Register("cluster.old.", s_table);
        StatBlock block = sheet.Block(old.Range);
        block.Increment(0);
        block.Record(2, 17);

        _store.Release(old);
        sheet.Clear(old);
        _store.Recycle(old.Range);
        StatStore.Instance fresh = _store.Register("cluster.new.", s_table);

        Assert.Equal(old.Range, fresh.Range);
        Assert.Equal(0, _store.Sum(fresh, 0));
        Assert.Null(sheet.HistogramAt(fresh.Range.Start + 2));
    }

    [Fact]
    public void Clear_HistogramHandle_IsUsedAgain()
    {
        StatSheet sheet = _store.CreateSheet("worker_0");
        StatStore.Instance old = _store.Register("cluster.old.", s_table);
        StatStore.Instance kept = _store.Register("cluster.kept.", s_table);
        sheet.Block(old.Range).Record(2, 17);
        sheet.Block(kept.Range).Record(2, 18);
        long handle = sheet.Read(old.Range.Start + 2);

        sheet.Clear(old);
        sheet.Block(old.Range).Record(2, 5);

        Assert.Equal(handle, sheet.Read(old.Range.Start + 2));
        Assert.Equal(5, sheet.HistogramAt(old.Range.Start + 2)!.Sum);
        Assert.Equal(18, sheet.HistogramAt(kept.Range.Start + 2)!.Sum);
    }

    [Fact]
    public void Counting_InSteadyState_AllocatesNothing()
    {
        StatSheet sheet = _store.CreateSheet("worker_0");
        StatBlock block = sheet.Block(_store.Register("cluster.x.", s_table).Range);
        block.Record(2, 17);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            block.Increment(0);
            block.Set(1, i);
            block.Record(2, 17);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
