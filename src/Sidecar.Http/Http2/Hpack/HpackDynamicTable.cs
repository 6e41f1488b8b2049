using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// The dynamic table of one direction of one connection (RFC 7541 section 2.3.2): a ring of entries over a ring of bytes, both as
/// large as what they hold needs, so an idle connection pays for what its peer indexed and no more. Names with a
/// <see cref="HeaderId"/> are not stored. Thread: the connection's worker.
/// </summary>
internal sealed class HpackDynamicTable
{
    /// <summary>What the RFC adds to each entry's size.</summary>
    public const int EntryOverheadBytes = 32;

    private const int InitialEntries = 8;
    private const int InitialBytes = 256;

    private Entry[] _entries = [];
    private byte[] _bytes = [];
    private int _bytesStart;
    private int _bytesUsed;

    public HpackDynamicTable(int maxBytes) => MaxBytes = maxBytes;

    /// <summary>Entries held.</summary>
    public int Count { get; private set; }

    /// <summary>Size as the RFC counts it.</summary>
    public int SizeBytes { get; private set; }

    /// <summary>The size that the encoder of this direction has chosen last.</summary>
    public int MaxBytes { get; private set; }

    /// <summary>Entries ever inserted; the newest entry's sequence number plus one.</summary>
    public uint Inserted { get; private set; }

    /// <summary>Length of the entry ring, a power of two (0 before the first insertion).</summary>
    public int EntryCapacity => _entries.Length;

    /// <summary>Entry by age: 0 is the newest.</summary>
    public ref readonly Entry At(int index)
    {
        Debug.Assert((uint)index < (uint)Count, "an entry that exists");
        return ref BySequence(Inserted - 1 - (uint)index);
    }

    /// <summary>Entry by sequence number; only while <see cref="IsLive"/>.</summary>
    public ref readonly Entry BySequence(uint sequence) => ref _entries[sequence & (uint)(_entries.Length - 1)];

    /// <summary>The entry of this sequence number has been inserted and not yet evicted.</summary>
    public bool IsLive(uint sequence) => Inserted - 1 - sequence < (uint)Count;

    /// <summary>Changes the size limit, evicting what no longer fits.</summary>
    public void SetMaxBytes(int bytes)
    {
        MaxBytes = bytes;
        EvictTo(bytes);
    }

    /// <summary>
    /// Inserts a field; one that is larger than the table empties it (RFC 7541 section 4.4) and is not inserted: false.
    /// </summary>
    public bool Insert(HeaderId id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, uint hash, FieldDefects defects)
    {
        long size = (long)name.Length + value.Length + EntryOverheadBytes;
        if (size > MaxBytes)
        {
            EvictTo(0);
            return false;
        }

        EvictTo(MaxBytes - (int)size);
        int nameBytes = id == HeaderId.None ? name.Length : 0;
        EnsureRoom(nameBytes + value.Length);
        int offset = _bytesUsed;
        Store(name[..nameBytes], offset);
        Store(value, offset + nameBytes);
        _entries[Inserted & (uint)(_entries.Length - 1)] = new Entry
        {
            Offset = (_bytesStart + offset) & (_bytes.Length - 1),
            ValueLength = value.Length,
            NameLength = (ushort)name.Length,
            Hash = hash,
            Id = id,
            Defects = defects,
        };
        _bytesUsed += nameBytes + value.Length;
        SizeBytes += (int)size;
        Inserted++;
        Count++;
        return true;
    }

    /// <summary>Copies the stored name (when the id is unknown) and, behind it, the value; returns the bytes of the name.</summary>
    public int CopyTo(in Entry entry, Span<byte> destination)
    {
        int nameBytes = entry.StoredNameLength;
        int total = nameBytes + entry.ValueLength;
        int contiguous = _bytes.Length - entry.Offset;
        if (total <= contiguous)
        {
            _bytes.AsSpan(entry.Offset, total).CopyTo(destination);
            return nameBytes;
        }

        _bytes.AsSpan(entry.Offset).CopyTo(destination);
        _bytes.AsSpan(0, total - contiguous).CopyTo(destination[contiguous..]);
        return nameBytes;
    }

    /// <summary>The entry is this field; the caller has compared ids.</summary>
    public bool Matches(in Entry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int nameBytes = entry.StoredNameLength;
        return entry.ValueLength == value.Length
            && (nameBytes == 0 || MatchesName(entry, name))
            && EqualAt((entry.Offset + nameBytes) & (_bytes.Length - 1), value);
    }

    /// <summary>The entry has this name, which has no id; the caller has compared ids.</summary>
    public bool MatchesName(in Entry entry, ReadOnlySpan<byte> name) => entry.NameLength == name.Length && EqualAt(entry.Offset, name);

    private bool EqualAt(int offset, ReadOnlySpan<byte> bytes)
    {
        int contiguous = _bytes.Length - offset;
        return bytes.Length <= contiguous
            ? _bytes.AsSpan(offset, bytes.Length).SequenceEqual(bytes)
            : _bytes.AsSpan(offset).SequenceEqual(bytes[..contiguous])
                && _bytes.AsSpan(0, bytes.Length - contiguous).SequenceEqual(bytes[contiguous..]);
    }

    private void Store(ReadOnlySpan<byte> source, int offset)
    {
        int at = (_bytesStart + offset) & (_bytes.Length - 1);
        int contiguous = _bytes.Length - at;
        if (source.Length <= contiguous)
        {
            source.CopyTo(_bytes.AsSpan(at));
            return;
        }

        source[..contiguous].CopyTo(_bytes.AsSpan(at));
        source[contiguous..].CopyTo(_bytes);
    }

    private void EvictTo(int bytes)
    {
        while (SizeBytes > bytes)
        {
            ref readonly Entry oldest = ref At(Count - 1);
            int stored = oldest.StoredNameLength + oldest.ValueLength;
            SizeBytes -= oldest.NameLength + oldest.ValueLength + EntryOverheadBytes;
            _bytesStart = (_bytesStart + stored) & (_bytes.Length - 1);
            _bytesUsed -= stored;
            Count--;
        }
    }

    private void EnsureRoom(int bytes)
    {
        if (Count == _entries.Length)
        {
            GrowEntries();
        }

        if (_bytes.Length - _bytesUsed < bytes || _bytes.Length == 0)
        {
            GrowBytes(_bytesUsed + bytes);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowEntries()
    {
        var grown = new Entry[Math.Max(InitialEntries, _entries.Length * 2)];
        for (int i = 0; i < Count; i++)
        {
            uint sequence = Inserted - 1 - (uint)i;
            grown[sequence & (uint)(grown.Length - 1)] = BySequence(sequence);
        }

        _entries = grown;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowBytes(int needed)
    {
        int length = Math.Max(InitialBytes, _bytes.Length);
        while (length < needed)
        {
            length *= 2;
        }

        var grown = new byte[length];
        int contiguous = Math.Min(_bytesUsed, _bytes.Length - _bytesStart);
        _bytes.AsSpan(_bytesStart, contiguous).CopyTo(grown);
        _bytes.AsSpan(0, _bytesUsed - contiguous).CopyTo(grown.AsSpan(contiguous));
        for (int i = 0; i < Count; i++)
        {
            ref Entry entry = ref _entries[(Inserted - 1 - (uint)i) & (uint)(_entries.Length - 1)];
            entry.Offset = (entry.Offset - _bytesStart) & (_bytes.Length - 1);
        }

        _bytesStart = 0;
        _bytes = grown;
    }

    /// <summary>One field. Sixteen bytes.</summary>
    internal struct Entry
    {
        public int Offset;
        public int ValueLength;
        public uint Hash;
        public ushort NameLength;
        public HeaderId Id;

        /// <summary>What the check of the literal found; an indexed field is not checked again.</summary>
        public FieldDefects Defects;

        /// <summary>Bytes of the name in the ring: none when the id says it.</summary>
        public readonly int StoredNameLength => Id == HeaderId.None ? NameLength : 0;
    }
}
