using System;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// A hash index over the entries of a <see cref="HpackDynamicTable"/>, by sequence number: each bucket holds the newest entry, each
/// entry a link to the next older one. Eviction needs no upkeep: a chain ends at the first entry that is no longer live, for all
/// behind it are older. Numbers are kept plus one; 0 is none. Thread: the connection's worker.
/// </summary>
internal struct SequenceChains
{
    private const int MinBuckets = 16;

    private uint[] _buckets = [];
    private uint[] _links = [];

    public SequenceChains()
    {
    }

    /// <summary>Entries that the index can link; to be kept equal to the table's.</summary>
    public readonly int Capacity => _links.Length;

    /// <summary>Forgets everything and makes room for so many entries, a power of two.</summary>
    public void Reset(int capacity)
    {
        _buckets = new uint[Math.Max(MinBuckets, capacity * 2)];
        _links = new uint[capacity];
    }

    /// <summary>The newest entry of the hash's bucket.</summary>
    public readonly uint First(uint hash) => _buckets.Length == 0 ? 0 : _buckets[hash & (uint)(_buckets.Length - 1)];

    /// <summary>The next older one of the same bucket; <paramref name="stored"/> is live.</summary>
    public readonly uint Next(uint stored) => _links[(stored - 1) & (uint)(_links.Length - 1)];

    public readonly void Add(uint hash, uint stored)
    {
        ref uint bucket = ref _buckets[hash & (uint)(_buckets.Length - 1)];
        _links[(stored - 1) & (uint)(_links.Length - 1)] = bucket;
        bucket = stored;
    }
}
