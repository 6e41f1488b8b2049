using System;
using System.Runtime.CompilerServices;

namespace Sidecar.Event.Slots;

/// <summary>The values of all slots on one thread; a plain array that only its thread touches once the thread runs.</summary>
public sealed class SlotVector
{
    private object?[] _values = new object?[64];

    /// <summary>The value of a slot that is known to hold a <typeparamref name="T"/>; an index and no check of the type.</summary>
    internal T Get<T>(int index)
        where T : class => Unsafe.As<T>(_values[index]!);

    internal void Set(int index, object? value)
    {
        if (index >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(index + 1, _values.Length * 2));
        }

        _values[index] = value;
    }
}
