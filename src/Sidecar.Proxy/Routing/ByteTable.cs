using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Sidecar.Proxy.Routing;

/// <summary>A table from byte strings to values, looked up by span. Immutable; thread: any.</summary>
internal sealed class ByteTable<T>
    where T : class
{
    private readonly byte[]?[] _keys;
    private readonly T?[] _values;
    private readonly int _mask;

    public ByteTable(IReadOnlyDictionary<string, T> entries, Func<string, byte[]> encode)
    {
        int size = 4;
        while (size < entries.Count * 2)
        {
            size *= 2;
        }

        _keys = new byte[]?[size];
        _values = new T?[size];
        _mask = size - 1;
        foreach (KeyValuePair<string, T> entry in entries)
        {
            byte[] key = encode(entry.Key);
            uint slot = Hash(key);
            while (_keys[slot & _mask] is not null)
            {
                slot++;
            }

            _keys[slot & _mask] = key;
            _values[slot & _mask] = entry.Value;
        }
    }

    /// <summary>The value, or null.</summary>
    public T? Find(ReadOnlySpan<byte> key)
    {
        for (uint slot = Hash(key); ; slot++)
        {
            byte[]? candidate = _keys[slot & _mask];
            if (candidate is null)
            {
                return null;
            }

            if (key.SequenceEqual(candidate))
            {
                return _values[slot & _mask];
            }
        }
    }

    /// <summary>Keys are configuration, so nobody can choose them to collide.</summary>
    private static uint Hash(ReadOnlySpan<byte> key)
    {
        ulong hash = (ulong)key.Length;
        while (key.Length >= sizeof(ulong))
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key)) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 29;
            key = key[sizeof(ulong)..];
        }

        foreach (byte b in key)
        {
            hash = (hash ^ b) * 0x100000001B3UL;
        }

        return (uint)((hash * 0x9E3779B97F4A7C15UL) >> 32);
    }
}
