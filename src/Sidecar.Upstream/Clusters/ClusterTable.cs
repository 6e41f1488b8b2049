using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Sidecar.Core.Collections;
using Sidecar.Http.Http2.Streams;
using Sidecar.Network;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// The clusters that one worker sees: by id for routes, by name for <c>cluster_header</c>. What main publishes comes in through posts;
/// a cluster costs a reference until its first request makes its state. Thread: its worker.
/// </summary>
public sealed class ClusterTable
{
    private readonly Worker _worker;
    private readonly FastRandom _random;
    private readonly Http2StreamPool _streams;
    private readonly Dictionary<byte[], int> _idsByName = new(NameComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _idsBySpan;
    private ClusterSnapshot?[] _snapshots = new ClusterSnapshot?[16];
    private ClusterWorkerState?[] _states = new ClusterWorkerState?[16];

    internal ClusterTable(Worker worker)
    {
        _worker = worker;
        _random = new FastRandom(worker.NextRandom());
        _streams = new Http2StreamPool(worker.Dispatcher.Memory);
        _idsBySpan = _idsByName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The cluster of an id from <see cref="ClusterNames"/>; null when there is none (yet, or any more).</summary>
    public ClusterWorkerState? Get(int id)
    {
        ClusterWorkerState?[] states = _states;
        return (uint)id < (uint)states.Length ? states[id] ?? CreateState(id) : null;
    }

    /// <summary>The cluster of a name that a request brought; null when there is none.</summary>
    public ClusterWorkerState? Find(ReadOnlySpan<byte> name) => _idsBySpan.TryGetValue(name, out int id) ? Get(id) : null;

    /// <summary>Lets the connections of all clusters finish and close.</summary>
    public void DrainPools()
    {
        foreach (ClusterWorkerState? state in _states)
        {
            state?.DrainPools();
        }
    }

    internal void Apply(ClusterSnapshot snapshot)
    {
        int id = snapshot.Generation.Id;
        if (id >= _snapshots.Length)
        {
            int length = Math.Max(id + 1, _snapshots.Length * 2);
            Array.Resize(ref _snapshots, length);
            Array.Resize(ref _states, length);
        }

        _snapshots[id] = snapshot;
        _idsByName[Encoding.UTF8.GetBytes(snapshot.Generation.Model.Name)] = id;
        ClusterWorkerState? state = _states[id];
        if (state is null)
        {
            return;
        }

        if (state.Generation == snapshot.Generation)
        {
            state.Apply(snapshot);
            return;
        }

        _states[id] = null;
        state.Drain();
    }

    internal void Remove(int id, string name)
    {
        _snapshots[id] = null;
        _idsByName.Remove(Encoding.UTF8.GetBytes(name));
        ClusterWorkerState? state = _states[id];
        _states[id] = null;
        state?.Drain();
    }

    private ClusterWorkerState? CreateState(int id) =>
        _snapshots[id] is { } snapshot ? _states[id] = new ClusterWorkerState(snapshot, _worker, _streams, _random) : null;

    /// <summary>Names as bytes, found by spans.</summary>
    private sealed class NameComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly NameComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] name) => GetHashCode(name.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
