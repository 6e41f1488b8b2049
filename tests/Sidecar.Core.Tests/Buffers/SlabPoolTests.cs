using Sidecar.Core.Buffers;

namespace Sidecar.Core.Tests.Buffers;

public sealed class SlabPoolTests
{
    [Fact]
    public void Release_LastReference_ReturnsTheSlab()
    {
        var pool = new SlabPool(4096, maxFreeSlabs: 2);
        Slab slab = pool.Rent();
        slab.Retain();

        slab.Release();
        Assert.Equal(1, pool.Outstanding);
        slab.Release();

        Assert.Equal((0, 1), (pool.Outstanding, pool.FreeCount));
    }

    [Fact]
    public void Rent_AfterReturn_ReusesTheSlab()
    {
        var pool = new SlabPool(4096, maxFreeSlabs: 2);
        Slab first = pool.Rent();
        first.Release();

        Assert.Same(first, pool.Rent());
    }

    [Fact]
    public void Return_OverTheLimit_IsLeftToTheCollector()
    {
        var pool = new SlabPool(4096, maxFreeSlabs: 1);
        Slab a = pool.Rent();
        Slab b = pool.Rent();

        a.Release();
        b.Release();

        Assert.Equal((0, 1), (pool.Outstanding, pool.FreeCount));
    }

#if DEBUG
    [Fact]
    public void Return_InDebugBuilds_PoisonsTheBytes()
    {
        var pool = new SlabPool(4096, maxFreeSlabs: 1);
        Slab slab = pool.Rent();
        slab.Span.Clear();

        slab.Release();

        Assert.Equal(-1, System.MemoryExtensions.IndexOfAnyExcept(pool.Rent().Span, (byte)0xDD));
    }
#endif
}
