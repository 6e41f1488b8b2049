using System.Collections.Generic;
using System.Diagnostics;

namespace Sidecar.Event.Slots;

/// <summary>Hands out slots: one index that is valid on every thread of a registry. Freed indexes are reused. Thread: main.</summary>
public sealed class SlotAllocator
{
    private readonly Stack<int> _free = new();
    private int _next;

    public SlotAllocator(ThreadLocalRegistry registry) => Registry = registry;

    internal ThreadLocalRegistry Registry { get; }

    /// <summary>A slot without a value; publish before anybody reads it.</summary>
    public Slot<T> Allocate<T>()
        where T : class
    {
        Debug.Assert(Registry.Main.IsCurrent, "slots are allocated on main");
        return new Slot<T>(this, _free.Count > 0 ? _free.Pop() : _next++);
    }

    internal void Return(int index) => _free.Push(index);
}
