using System.Diagnostics;

namespace Sidecar.Core.Stats;

/// <summary>Where an instance of a table lies in every sheet.</summary>
/// <param name="Start">First slot.</param>
/// <param name="Length">Slots.</param>
public readonly record struct StatRange(int Start, int Length);

/// <summary>
/// One thread's view of one instance of a table; kept by the object that counts (a connection's, a cluster's worker state).
/// The offset is the line in the table. Thread: the sheet's owner.
/// </summary>
public readonly unsafe struct StatBlock
{
    private readonly StatSheet _sheet;
    private readonly long* _slots;
    private readonly int _length;

    internal StatBlock(StatSheet sheet, long* slots, int length)
    {
        _sheet = sheet;
        _slots = slots;
        _length = length;
    }

    /// <summary>False for <c>default</c>, which must not be counted into.</summary>
    public bool IsValid => _slots != null;

    public void Increment(int offset)
    {
        Debug.Assert((uint)offset < (uint)_length, "offset within the table");
        _slots[offset]++;
    }

    public void Decrement(int offset)
    {
        Debug.Assert((uint)offset < (uint)_length, "offset within the table");
        _slots[offset]--;
    }

    public void Add(int offset, long value)
    {
        Debug.Assert((uint)offset < (uint)_length, "offset within the table");
        _slots[offset] += value;
    }

    /// <summary>Sets a gauge that only this thread keeps (the merged value is the sum over threads).</summary>
    public void Set(int offset, long value)
    {
        Debug.Assert((uint)offset < (uint)_length, "offset within the table");
        _slots[offset] = value;
    }

    /// <summary>This thread's own value.</summary>
    public long Get(int offset) => _slots[offset];

    /// <summary>Records a value in the table's unit into a histogram.</summary>
    public void Record(int offset, long value)
    {
        Debug.Assert((uint)offset < (uint)_length, "offset within the table");
        long handle = _slots[offset];
        Histogram histogram = handle != 0 ? _sheet.HistogramByHandle(handle) : _sheet.Attach(_slots + offset);
        histogram.Record(value);
    }
}
