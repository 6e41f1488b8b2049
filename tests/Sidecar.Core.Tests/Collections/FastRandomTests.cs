using Sidecar.Core.Collections;

namespace Sidecar.Core.Tests.Collections;

public sealed class FastRandomTests
{
    [Fact]
    public void SameSeed_GivesTheSameSequence()
    {
        var a = new FastRandom(42);
        var b = new FastRandom(42);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(a.Next(), b.Next());
        }
    }

    [Fact]
    public void NeighbouringSeeds_DifferAtOnce() => Assert.NotEqual(new FastRandom(1).Next(), new FastRandom(2).Next());

    [Theory]
    [InlineData(1u)]
    [InlineData(3u)]
    [InlineData(10u)]
    public void NextBelow_IsUniform(uint bound)
    {
        const int Samples = 100_000;
        var random = new FastRandom(7);
        var counts = new int[bound];
        for (int i = 0; i < Samples; i++)
        {
            counts[random.NextBelow(bound)]++;
        }

        // Five standard deviations.
        double expected = Samples / (double)bound;
        Assert.All(counts, count => Assert.InRange(count, expected - (5 * System.Math.Sqrt(expected)), expected + (5 * System.Math.Sqrt(expected))));
    }

    [Fact]
    public void NextDouble_StaysBelowOne()
    {
        var random = new FastRandom(9);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
        }
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(100u, true)]
    public void Chance_AtTheEnds_IsCertain(uint numerator, bool expected)
    {
        var random = new FastRandom(3);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Equal(expected, random.Chance(numerator, 100));
        }
    }

    [Fact]
    public void Fill_CoversOddLengths()
    {
        var bytes = new byte[13];
        new FastRandom(5).Fill(bytes);
        Assert.Contains(bytes[8..], b => b != 0);
    }
}
