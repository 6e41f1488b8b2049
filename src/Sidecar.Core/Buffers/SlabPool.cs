using System.Diagnostics;

namespace Sidecar.Core.Buffers;

/// <summary>
/// The slabs of one size of one worker. Keeps at most <c>maxFreeSlabs</c> idle ones; the rest go to the collector, so a burst does
/// not stay resident. Thread: its worker.
/// </summary>
public sealed class SlabPool
{
    /// <summary>Size of the slabs that carry buffered bytes.</summary>
    public const int DefaultSlabBytes = 16 * 1024;

    /// <summary>Size of the slabs that sockets receive into: one system call drains most sockets.</summary>
    public const int ReceiveSlabBytes = 64 * 1024;

    private readonly int _slabBytes;
    private readonly int _maxFreeSlabs;
    private Slab? _free;
    private int _freeCount;

    public SlabPool(int slabBytes, int maxFreeSlabs)
    {
        _slabBytes = slabBytes;
        _maxFreeSlabs = maxFreeSlabs;
    }

    /// <summary>Size of each slab of this pool.</summary>
    public int SlabBytes => _slabBytes;

    /// <summary>Slabs rented and not yet returned: zero when nothing is in flight (asserted by the tests' pool audit).</summary>
    public int Outstanding { get; private set; }

    /// <summary>Idle slabs kept for the next rental.</summary>
    public int FreeCount => _freeCount;

    /// <summary>A slab with one reference, owned by the caller. Content is undefined.</summary>
    public Slab Rent()
    {
        Outstanding++;
        Slab? slab = _free;
        if (slab is null)
        {
            slab = new Slab(this, _slabBytes);
        }
        else
        {
            _free = slab.NextFree;
            slab.NextFree = null;
            _freeCount--;
        }

        slab.MarkRented();
        return slab;
    }

    internal void Return(Slab slab)
    {
        Outstanding--;
        Poison(slab);
        if (_freeCount >= _maxFreeSlabs)
        {
            return;
        }

        slab.NextFree = _free;
        _free = slab;
        _freeCount++;
    }

    [Conditional("DEBUG")]
    private static void Poison(Slab slab) => slab.Span.Fill(0xDD);
}
