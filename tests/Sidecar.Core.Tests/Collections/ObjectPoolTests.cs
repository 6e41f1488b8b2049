using Sidecar.Core.Collections;

namespace Sidecar.Core.Tests.Collections;

public sealed class ObjectPoolTests
{
    [Fact]
    public void Rent_GivesTheLastReturnedFirst()
    {
        var pool = new ObjectPool<object>(static () => new object(), maxFree: 4);
        object a = pool.Rent();
        object b = pool.Rent();

        pool.Return(a);
        pool.Return(b);

        Assert.Same(b, pool.Rent());
        Assert.Same(a, pool.Rent());
    }

    [Fact]
    public void Return_OverTheLimit_IsNotKept()
    {
        var pool = new ObjectPool<object>(static () => new object(), maxFree: 1);
        object a = pool.Rent();
        object b = pool.Rent();

        pool.Return(a);
        pool.Return(b);

        Assert.Equal((1, 0), (pool.FreeCount, pool.Outstanding));
    }

    [Fact]
    public void FreeList_GrowsToTheLimit()
    {
        var pool = new ObjectPool<object>(static () => new object(), maxFree: 100);
        var rented = new object[100];
        for (int i = 0; i < rented.Length; i++)
        {
            rented[i] = pool.Rent();
        }

        foreach (object item in rented)
        {
            pool.Return(item);
        }

        Assert.Equal(100, pool.FreeCount);
    }
}
