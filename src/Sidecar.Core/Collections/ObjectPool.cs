using System;
using System.Diagnostics;

namespace Sidecar.Core.Collections;

/// <summary>
/// Objects of one type kept for reuse by one worker, last in first out (the warmest in cache first). At most <c>maxFree</c> stay; the
/// rest go to the collector, so a burst does not stay resident. The caller resets an object before it returns it. Thread: its owner's.
/// </summary>
public sealed class ObjectPool<T>
    where T : class
{
    private readonly Func<T> _create;
    private readonly int _maxFree;
    private T?[] _free;

    public ObjectPool(Func<T> create, int maxFree)
    {
        _create = create;
        _maxFree = maxFree;
        _free = new T?[Math.Min(maxFree, 16)];
    }

    /// <summary>Objects kept for the next rental.</summary>
    public int FreeCount { get; private set; }

    /// <summary>Objects rented and not yet returned.</summary>
    public int Outstanding { get; private set; }

    public T Rent()
    {
        Outstanding++;
        if (FreeCount == 0)
        {
            return _create();
        }

        T item = _free[--FreeCount]!;
        _free[FreeCount] = null;
        return item;
    }

    public void Return(T item)
    {
        Debug.Assert(Outstanding > 0, "return of an object that was not rented");
        Debug.Assert(Array.IndexOf(_free, item, 0, FreeCount) < 0, "returned twice");
        Outstanding--;
        if (FreeCount >= _maxFree)
        {
            return;
        }

        if (FreeCount == _free.Length)
        {
            Array.Resize(ref _free, Math.Min(_maxFree, _free.Length * 2));
        }

        _free[FreeCount++] = item;
    }
}
