using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// Encodes header maps (RFC 7541). Repeated fields cost one or two bytes and one probe of a small hash table; values that come once
/// are copied as they are, for Huffman coding them costs more time than the bytes are worth. Thread: the connection's worker.
/// </summary>
internal sealed class HpackEncoder
{
    private const int MaxSizeUpdates = 2;
    private const int MaxFieldOverhead = 1 + (2 * HpackInteger.MaxBytes);
    private const uint NameSeed = 0x85EB_CA6Bu;

    private readonly int _ownLimitBytes;
    private readonly HpackDynamicTable _table;

    private SequenceChains _fields = new();
    private SequenceChains _names = new();
    private int _smallestPending = -1;

    /// <param name="tableBytes">Our own limit for the table, whatever the peer allows.</param>
    public HpackEncoder(int tableBytes)
    {
        _ownLimitBytes = tableBytes;
        _table = new HpackDynamicTable(HpackDecoder.DefaultTableBytes);
        SetPeerLimit(HpackDecoder.DefaultTableBytes);
    }

    /// <summary>For tests: the entries.</summary>
    internal HpackDynamicTable Table => _table;

    /// <summary>The peer's SETTINGS_HEADER_TABLE_SIZE: the next block says what we make of it (RFC 7541 section 4.2).</summary>
    public void SetPeerLimit(uint bytes)
    {
        int chosen = (int)Math.Min(bytes, (uint)_ownLimitBytes);
        if (chosen == _table.MaxBytes)
        {
            return;
        }

        _smallestPending = _smallestPending < 0 ? chosen : Math.Min(_smallestPending, chosen);
        _table.SetMaxBytes(chosen);
    }

    /// <summary>Bytes that suffice for <see cref="Encode"/>.</summary>
    public static int MaxEncodedBytes(HeaderMap headers) =>
        headers.ByteSize + (headers.Count * MaxFieldOverhead) + (MaxSizeUpdates * HpackInteger.MaxBytes);

    /// <summary>Encodes the map as one block, pseudo headers first; returns the bytes written.</summary>
    public int Encode(HeaderMap headers, Span<byte> destination)
    {
        int written = _smallestPending < 0 ? 0 : WriteSizeUpdates(destination);
        for (HeaderId id = HeaderId.Authority; id <= HeaderId.Protocol; id++)
        {
            if (headers.Has(id))
            {
                written += EncodePseudo(id, headers.Get(id), destination[written..]);
            }
        }

        for (int i = headers.Next(-1); i >= 0; i = headers.Next(i))
        {
            HeaderId id = headers.IdAt(i);
            IndexingMode mode = EncodingPolicy.For(id);
            if (mode == IndexingMode.Index)
            {
                written += EncodeIndexed(id, headers.NameAt(i), headers.ValueAt(i), destination[written..]);
            }
            else if (mode < IndexingMode.Drop)
            {
                written += EncodeOnce(id, headers.NameAt(i), headers.ValueAt(i), mode, destination[written..]);
            }
        }

        return written;
    }

    private int EncodePseudo(HeaderId id, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        int index = HpackStaticTable.IndexOf(id, value);
        if (index != 0)
        {
            destination[0] = (byte)(0x80 | index);
            return 1;
        }

        // Paths differ from request to request; the other pseudo headers repeat.
        return id == HeaderId.Path
            ? WriteLiteral(destination, 0x00, 4, HpackStaticTable.IndexOf(id), default, value, useHuffman: false)
            : EncodeIndexed(id, HeaderNames.Bytes(id), value, destination);
    }

    private int EncodeOnce(HeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, IndexingMode mode, Span<byte> destination)
    {
        if (mode == IndexingMode.NeverIndexedWhenShort && value.Length >= EncodingPolicy.ShortSecretBytes)
        {
            return EncodeIndexed(id, name, value, destination);
        }

        byte pattern = mode == IndexingMode.WithoutIndexing ? (byte)0x00 : (byte)0x10;
        return WriteLiteral(destination, pattern, 4, HpackStaticTable.IndexOf(id), name, value, useHuffman: false);
    }

    private int EncodeIndexed(HeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> destination)
    {
        uint nameHash = id != HeaderId.None ? (uint)id * 0x9E37_79B1u : Hash(name, NameSeed);
        uint hash = Hash(value, nameHash);
        for (uint stored = _fields.First(hash); _table.IsLive(stored - 1); stored = _fields.Next(stored))
        {
            ref readonly HpackDynamicTable.Entry entry = ref _table.BySequence(stored - 1);
            if (entry.Hash == hash && entry.Id == id && _table.Matches(entry, name, value))
            {
                return HpackInteger.Write(destination, 0x80, 7, IndexOf(stored - 1));
            }
        }

        return EncodeNew(id, name, value, nameHash, hash, destination);
    }

    private int EncodeNew(HeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, uint nameHash, uint hash, Span<byte> destination)
    {
        // The static table has pairs for few names that are not pseudo headers.
        if (HpackStaticTable.IndexOf(id, value) is > 0 and int index)
        {
            destination[0] = (byte)(0x80 | index);
            return 1;
        }

        // One entry that takes most of the table would push everything else out.
        int nameIndex = FindName(id, name, nameHash);
        bool insert = name.Length + value.Length + HpackDynamicTable.EntryOverheadBytes <= _table.MaxBytes / 4 * 3;
        if (!insert)
        {
            return WriteLiteral(destination, 0x00, 4, nameIndex, name, value, useHuffman: false);
        }

        int written = WriteLiteral(destination, 0x40, 6, nameIndex, name, value, useHuffman: true);
        _table.Insert(id, name, value, hash, FieldDefects.None);
        if (_fields.Capacity != _table.EntryCapacity)
        {
            Rehash();
        }
        else
        {
            _fields.Add(hash, _table.Inserted);
        }

        _names.Add(nameHash, _table.Inserted);
        return written;
    }

    private int FindName(HeaderId id, ReadOnlySpan<byte> name, uint nameHash)
    {
        int index = id != HeaderId.None ? HpackStaticTable.IndexOf(id) : HpackStaticTable.IndexOfUnknown(name);
        if (index != 0)
        {
            return index;
        }

        for (uint stored = _names.First(nameHash); _table.IsLive(stored - 1); stored = _names.Next(stored))
        {
            ref readonly HpackDynamicTable.Entry entry = ref _table.BySequence(stored - 1);
            if (entry.Id == id && (id != HeaderId.None || _table.MatchesName(entry, name)))
            {
                return IndexOf(stored - 1);
            }
        }

        return 0;
    }

    private int IndexOf(uint sequence) => HpackStaticTable.Count + (int)(_table.Inserted - sequence);

    /// <summary>
    /// The index follows the table's growth. Entries keep the hash of the whole field; names find their place again when used.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Rehash()
    {
        _fields.Reset(_table.EntryCapacity);
        _names.Reset(_table.EntryCapacity);
        for (int age = _table.Count - 1; age >= 0; age--)
        {
            _fields.Add(_table.At(age).Hash, _table.Inserted - (uint)age);
        }
    }

    private int WriteSizeUpdates(Span<byte> destination)
    {
        int written = 0;
        if (_smallestPending < _table.MaxBytes)
        {
            written = HpackInteger.Write(destination, 0x20, 5, _smallestPending);
        }

        _smallestPending = -1;
        return written + HpackInteger.Write(destination[written..], 0x20, 5, _table.MaxBytes);
    }

    private static int WriteLiteral(
        Span<byte> destination,
        byte pattern,
        int prefixBits,
        int nameIndex,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value,
        bool useHuffman)
    {
        int written = HpackInteger.Write(destination, pattern, prefixBits, nameIndex);
        if (nameIndex == 0)
        {
            written += WriteString(destination[written..], name, useHuffman);
        }

        return written + WriteString(destination[written..], value, useHuffman);
    }

    private static int WriteString(Span<byte> destination, ReadOnlySpan<byte> text, bool useHuffman)
    {
        int encoded = useHuffman ? HuffmanEncoder.EncodedBytes(text) : text.Length;
        if (encoded < text.Length)
        {
            int header = HpackInteger.Write(destination, 0x80, 7, encoded);
            return header + HuffmanEncoder.Encode(text, destination[header..]);
        }

        int prefix = HpackInteger.Write(destination, 0x00, 7, text.Length);
        text.CopyTo(destination[prefix..]);
        return prefix + text.Length;
    }

    /// <summary>Length, both ends and the middle: a collision costs one comparison.</summary>
    private static uint Hash(ReadOnlySpan<byte> text, uint seed)
    {
        ulong mixed = seed ^ ((ulong)text.Length << 32);
        if (text.Length >= 8)
        {
            mixed = (mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * 0x9E37_79B9_7F4A_7C15UL;
            mixed ^= mixed >> 29;
            mixed = (mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(text[^8..])) * 0xBF58_476D_1CE4_E5B9UL;
            mixed ^= mixed >> 32;
            mixed = (mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(text[((text.Length - 8) / 2)..])) * 0x9E37_79B9_7F4A_7C15UL;
        }
        else
        {
            foreach (byte octet in text)
            {
                mixed = (mixed ^ octet) * 0x100_0000_01B3UL;
            }

            mixed *= 0x9E37_79B9_7F4A_7C15UL;
        }

        return (uint)(mixed >> 32);
    }
}
