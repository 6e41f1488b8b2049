using System;
using System.Diagnostics;
using System.Numerics;

namespace Sidecar.Core.Collections;

/// <summary>
/// A fast pseudo-random generator (xoshiro256**) for load balancing, jitter and sampling; not for secrets. The same seed gives the same
/// sequence, so tests are repeatable. Thread: its owner's.
/// </summary>
public sealed class FastRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Spreads the seed over the state by SplitMix64, so that neighbouring seeds give unrelated sequences.</summary>
    public FastRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1. The bias of the multiplication is below 2^-32.</summary>
    public uint NextBelow(uint bound)
    {
        Debug.Assert(bound > 0, "an empty range");
        return (uint)(((Next() >> 32) * bound) >> 32);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1 for ranges over 32 bits.</summary>
    public ulong NextBelow(ulong bound) => Math.BigMul(Next(), bound, out _);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True <paramref name="numerator"/> times in <paramref name="denominator"/>, as Envoy's FractionalPercent.</summary>
    public bool Chance(uint numerator, uint denominator) => numerator != 0 && NextBelow(denominator) < numerator;

    /// <summary>Random bytes, e.g. for a request id.</summary>
    public void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            ulong bits = Next();
            int n = Math.Min(destination.Length, sizeof(ulong));
            for (int i = 0; i < n; i++)
            {
                destination[i] = (byte)bits;
                bits >>= 8;
            }

            destination = destination[n..];
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
