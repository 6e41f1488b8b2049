using Sidecar.Event;

namespace Sidecar.Network;

/// <summary>One worker: its dispatcher and the numbers that tell it from the others. Thread: its own.</summary>
public sealed class Worker
{
    private ulong _nextConnectionId;
    private ulong _randomState;

    /// <param name="index">0-based.</param>
    /// <param name="count">How many workers there are: connection ids are striped so that they are unique without sharing.</param>
    /// <param name="dispatcher">The worker's event loop.</param>
    /// <param name="seed">Seed of <see cref="NextRandom()"/>; tests pass a constant.</param>
    public Worker(int index, int count, Dispatcher dispatcher, ulong seed)
    {
        Index = index;
        Count = count;
        Dispatcher = dispatcher;
        _nextConnectionId = (ulong)index;
        _randomState = seed + ((ulong)index * 0x9E3779B97F4A7C15UL);
    }

    public int Index { get; }

    public int Count { get; }

    public Dispatcher Dispatcher { get; }

    /// <summary>An id that no other connection of the process has.</summary>
    public ulong NextConnectionId()
    {
        ulong id = _nextConnectionId;
        _nextConnectionId += (ulong)Count;
        return id;
    }

    /// <summary>Random bits for balancing and sampling, not for secrets (splitmix64).</summary>
    public ulong NextRandom()
    {
        ulong z = _randomState += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A random number below a bound.</summary>
    public uint NextRandom(uint bound) => (uint)(((NextRandom() >> 32) * bound) >> 32);
}
