namespace Sidecar.Proxy.Matching.Regex;

/// <summary>A set of small numbers in order of insertion, emptied in constant time.</summary>
internal sealed class SparseSet
{
    private readonly int[] _dense;
    private readonly int[] _sparse;

    public SparseSet(int capacity)
    {
        _dense = new int[capacity];
        _sparse = new int[capacity];
    }

    public int Count { get; private set; }

    public int Capacity => _dense.Length;

    public int this[int index] => _dense[index];

    public void Clear() => Count = 0;

    /// <summary>False when it was there already.</summary>
    public bool Add(int value)
    {
        int at = _sparse[value];
        if (at < Count && _dense[at] == value)
        {
            return false;
        }

        _sparse[value] = Count;
        _dense[Count++] = value;
        return true;
    }
}
