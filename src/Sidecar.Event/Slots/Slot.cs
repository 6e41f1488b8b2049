using System;
using System.Diagnostics;

namespace Sidecar.Event.Slots;

/// <summary>
/// One immutable snapshot, visible on every thread through that thread's own vector. Main publishes, workers read with a plain
/// load; what was there before may be released once every worker has swapped (a grace period, as in RCU).
/// </summary>
/// <typeparam name="T">The snapshot; immutable, as all threads share it.</typeparam>
public sealed class Slot<T> : IDisposable
    where T : class
{
    private readonly SlotAllocator _allocator;
    private readonly int _index;
    private bool _isFreed;

    internal Slot(SlotAllocator allocator, int index)
    {
        _allocator = allocator;
        _index = index;
    }

    /// <summary>The snapshot that a thread sees now. Thread: <paramref name="dispatcher"/>'s.</summary>
    public T Current(Dispatcher dispatcher)
    {
        Debug.Assert(dispatcher.IsCurrent, "a thread reads its own slots");
        return dispatcher.Slots.Get<T>(_index);
    }

    /// <summary>As <see cref="Current"/>, for owners that keep their thread's vector. Thread: the vector's.</summary>
    public T Get(SlotVector vector) => vector.Get<T>(_index);

    /// <summary>
    /// Makes every thread see <paramref name="snapshot"/>: main at once, each worker when it runs its posts. Thread: main.
    /// </summary>
    /// <param name="snapshot">The new value.</param>
    /// <param name="onQuiesced">Runs on main once no worker can load the old value any more; never inside this call.</param>
    public void Publish(T snapshot, Action? onQuiesced = null)
    {
        Debug.Assert(!_isFreed, "publish into a freed slot");
        SetEverywhere(snapshot, onQuiesced);
    }

    /// <summary>Clears the slot everywhere; its index is reused after the grace period. Thread: main.</summary>
    public void Dispose()
    {
        if (!_isFreed)
        {
            _isFreed = true;
            SetEverywhere(null, () => _allocator.Return(_index));
        }
    }

    private void SetEverywhere(T? value, Action? onQuiesced)
    {
        ThreadLocalRegistry registry = _allocator.Registry;
        Debug.Assert(registry.Main.IsCurrent, "main publishes");
        int index = _index;
        registry.Main.Slots.Set(index, value);
        registry.RunOnAllWorkers(dispatcher => dispatcher.Slots.Set(index, value), onQuiesced);
    }
}
