using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Sidecar.Core.Buffers;

namespace Sidecar.Core.Tests.Buffers;

public sealed class BufferChainTests
{
    private readonly SlabPool _pool = new(SlabPool.DefaultSlabBytes, maxFreeSlabs: 8);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(16 * 1024)]
    [InlineData(40_000)]
    public void Append_AnyLength_IsReadBack(int length)
    {
        var chain = new BufferChain(_pool);
        byte[] bytes = Pattern(length, 7);

        chain.Append(bytes);

        Assert.Equal(bytes, Content(chain));
        chain.Clear();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Drain_ToEmpty_ReturnsEverySlab()
    {
        var chain = new BufferChain(_pool);
        chain.Append(Pattern(50_000, 1));

        chain.Drain(50_000);

        Assert.True(chain.IsEmpty);
        Assert.Equal(0, chain.SliceCount);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Commit_OfNothing_KeepsNoSlabAndNoEmptySlice()
    {
        var chain = new BufferChain(_pool);
        chain.Append(Pattern(16 * 1024, 1));

        chain.Reserve(1);
        chain.Commit(0);

        Assert.Equal(1, chain.SliceCount);
        Assert.Equal(1, _pool.Outstanding);
        chain.Clear();
    }

    [Fact]
    public void Append_AfterAnAbandonedReservation_LeavesNoEmptySliceInFront()
    {
        var chain = new BufferChain(_pool);
        Slab slab = _pool.Rent();

        chain.Reserve(1);
        chain.Append(new Slice(slab, 0, 8 * 1024));
        slab.Release();

        Assert.Equal(1, chain.SliceCount);
        Assert.Equal(8 * 1024, chain.FirstSpan.Length);
        chain.Clear();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Append_LongSlice_SharesTheSlab()
    {
        var chain = new BufferChain(_pool);
        Slab slab = _pool.Rent();
        chain.Append(new Slice(slab, 100, 8 * 1024));

        Assert.False(slab.IsExclusive);

        chain.Clear();
        Assert.True(slab.IsExclusive);
        slab.Release();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Append_ShortSlice_IsCopied()
    {
        var chain = new BufferChain(_pool);
        Slab slab = _pool.Rent();
        chain.Append(new Slice(slab, 100, BufferChain.CopyBelowBytes - 1));

        Assert.True(slab.IsExclusive);
        slab.Release();
        chain.Clear();
    }

    [Fact]
    public void Move_IntoEmptyChainOfTheSamePool_SwapsSegmentsWithoutCopying()
    {
        var source = new BufferChain(_pool);
        var target = new BufferChain(_pool);
        source.Append(Pattern(100, 3));
        Slab slab = source.SliceAt(0).Slab;

        target.Move(source);

        Assert.Same(slab, target.SliceAt(0).Slab);
        Assert.Equal(Pattern(100, 3), Content(target));
        Assert.True(source.IsEmpty);
        Assert.Equal(1, _pool.Outstanding);
        target.Clear();
    }

    [Fact]
    public void Move_CutSlice_IsSharedByBothChains()
    {
        var source = new BufferChain(_pool);
        var target = new BufferChain(_pool);
        byte[] bytes = Pattern(16_000, 5);
        source.Append(bytes);

        target.Move(source, 9_000);
        source.Append("tail"u8);

        Assert.Equal(bytes[..9_000], Content(target));
        Assert.Equal([.. bytes[9_000..], .. "tail"u8], Content(source));
        source.Clear();
        target.Clear();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Linearize_AcrossSlices_GivesOneSpanAndKeepsTheRest()
    {
        var chain = new BufferChain(_pool);
        byte[] bytes = Pattern(20_000, 9);
        chain.Append(bytes);
        chain.Drain(15_000);

        ReadOnlySpan<byte> prefix = chain.Linearize(3_000);

        Assert.Equal(bytes[15_000..18_000], prefix.ToArray());
        Assert.Equal(bytes[15_000..], Content(chain));
        chain.Clear();
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Watermarks_AreToldOncePerCrossing()
    {
        var chain = new BufferChain(_pool);
        var listener = new CountingListener();
        chain.SetWatermarks(100, listener);

        chain.Append(Pattern(100, 1));
        Assert.Equal((0, 0), (listener.High, listener.Low));
        chain.Append(Pattern(1, 1));
        chain.Append(Pattern(50, 1));
        Assert.Equal((1, 0), (listener.High, listener.Low));
        chain.Drain(100);
        Assert.Equal((1, 0), (listener.High, listener.Low));
        chain.Drain(1);
        Assert.Equal((1, 1), (listener.High, listener.Low));
        chain.Clear();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Move_TellsBothSidesOnceBothAreConsistent(bool targetHasBytes)
    {
        var source = new BufferChain(_pool);
        var target = new BufferChain(_pool);
        if (targetHasBytes)
        {
            target.Append("x"u8);
        }

        long before = target.Length;
        source.Append(Pattern(40_000, 1));
        var listener = new CountingListener { OnHigh = () => Assert.Equal((0, before + 40_000), (source.Length, target.Length)) };
        var sourceListener = new CountingListener();
        target.SetWatermarks(10_000, listener);
        source.SetWatermarks(10_000, sourceListener);

        target.Move(source);

        Assert.Equal((1, 1), (listener.High, sourceListener.Low));
        target.Clear();
    }

    [Fact]
    public void RandomOperations_AgreeWithAPlainList()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            RunAgainstModel(new Random(seed), new SlabPool(4096, 4), new SlabPool(16 * 1024, 4));
        }
    }

    [Fact]
    public void AppendAndDrain_InSteadyState_AllocateNothing()
    {
        var chain = new BufferChain(_pool);
        byte[] bytes = Pattern(3_000, 1);
        for (int i = 0; i < 100; i++)
        {
            chain.Append(bytes);
            chain.Drain(chain.Length);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            chain.Append(bytes);
            chain.Append(bytes);
            chain.Drain(4_000);
            chain.Drain(chain.Length);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RunAgainstModel(Random random, SlabPool poolA, SlabPool poolB)
    {
        var chains = new[] { new BufferChain(poolA), new BufferChain(poolA), new BufferChain(poolB) };
        var models = new[] { new List<byte>(), new List<byte>(), new List<byte>() };
        for (int step = 0; step < 60; step++)
        {
            int to = random.Next(3);
            int from = (to + 1 + random.Next(2)) % 3;
            Step(random, chains, models, to, from);
            AssertHolds(models[to], chains[to]);
            AssertHolds(models[from], chains[from]);
        }

        foreach (BufferChain chain in chains)
        {
            chain.Clear();
        }

        Assert.Equal((0, 0), (poolA.Outstanding, poolB.Outstanding));
    }

    private static void Step(Random random, BufferChain[] chains, List<byte>[] models, int to, int from)
    {
        switch (random.Next(6))
        {
            case 0:
                byte[] bytes = Pattern(random.Next(6_000), random.Next());
                chains[to].Append(bytes);
                models[to].AddRange(bytes);
                break;
            case 1:
                int drained = random.Next(models[to].Count + 1);
                chains[to].Drain(drained);
                models[to].RemoveRange(0, drained);
                break;
            case 2:
                chains[to].Move(chains[from]);
                models[to].AddRange(models[from]);
                models[from].Clear();
                break;
            case 3:
                int moved = random.Next(models[from].Count + 1);
                chains[to].Move(chains[from], moved);
                models[to].AddRange(models[from].GetRange(0, moved));
                models[from].RemoveRange(0, moved);
                break;
            case 4:
                int prefix = random.Next(Math.Min(models[to].Count, 4096) + 1);
                Assert.True(CollectionsMarshal.AsSpan(models[to])[..prefix].SequenceEqual(chains[to].Linearize(prefix)));
                break;
            default:
                Span<byte> room = chains[to].Reserve(random.Next(1, 4096));
                byte[] written = Pattern(random.Next(room.Length + 1), random.Next());
                written.CopyTo(room);
                chains[to].Commit(written.Length);
                models[to].AddRange(written);
                break;
        }
    }

    private static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Content(BufferChain chain)
    {
        var bytes = new byte[chain.Length];
        Assert.Equal(bytes.Length, chain.Peek(0, bytes));
        return bytes;
    }

    private static void AssertHolds(List<byte> model, BufferChain chain) =>
        Assert.True(CollectionsMarshal.AsSpan(model).SequenceEqual(Content(chain)));

    private sealed class CountingListener : WatermarkListener
    {
        public int High { get; private set; }

        public int Low { get; private set; }

        public Action? OnHigh { get; init; }

        public override void OnAboveHighWatermark()
        {
            High++;
            OnHigh?.Invoke();
        }

        public override void OnBelowLowWatermark() => Low++;
    }
}
