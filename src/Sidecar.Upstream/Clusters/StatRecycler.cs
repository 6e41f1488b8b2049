using Sidecar.Core.Stats;
using Sidecar.Event.Slots;

namespace Sidecar.Upstream.Clusters;

/// <summary>Gives slots that nobody counts into back to the store, cleared on every thread. Thread: main.</summary>
internal sealed class StatRecycler(ThreadLocalRegistry registry, StatStore store)
{
    public StatStore Store => store;

    public ThreadLocalRegistry Registry => registry;

    /// <summary>Frees slots of <see cref="StatStore.Reserve"/>.</summary>
    public void Recycle(StatRange range) => registry.RunOnAllWorkers(
        worker => worker.Stats.Clear(range),
        () =>
        {
            registry.Main.Stats.Clear(range);
            store.Recycle(range);
        });

    /// <summary>Drops a reference to an instance; the last one frees its slots.</summary>
    public void Release(StatStore.Instance instance)
    {
        if (!store.Release(instance))
        {
            return;
        }

        registry.RunOnAllWorkers(
            worker => worker.Stats.Clear(instance),
            () =>
            {
                registry.Main.Stats.Clear(instance);
                store.Recycle(instance.Range);
            });
    }
}
