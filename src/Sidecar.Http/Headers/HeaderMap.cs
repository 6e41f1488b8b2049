using System;
using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidecar.Http.Headers;

/// <summary>
/// The headers of one message in order, pseudo headers included: names (lower case) and values are slices of one arena, known names
/// are ids with O(1) look-up. No strings. Owned by a stream, reset and reused; thread: its worker.
/// </summary>
/// <remarks>
/// Spans that it returns are valid until the next change of the map (a change may move the arena). A removed header leaves a hole
/// that indices skip: walk with <see cref="Next"/>.
/// </remarks>
public sealed class HeaderMap
{
    /// <summary>Arena bytes behind the last value that codecs may read and parsers may overwrite: they move whole vectors.</summary>
    public const int ArenaSlack = 64;

    /// <summary>Longest name in bytes; a codec refuses longer ones.</summary>
    public const int MaxNameBytes = ushort.MaxValue;

    /// <summary>Most headers, removed ones included; a codec's own limit is lower.</summary>
    public const int MaxEntries = ushort.MaxValue;

    private const int InitialArena = 2048;
    private const int InitialEntries = 32;
    private const int KeepArena = 16 * 1024;
    private const int KeepEntries = 256;

    private byte[] _arena = new byte[InitialArena];
    private HeaderEntry[] _entries = new HeaderEntry[InitialEntries];
    private KnownIndex _first;
    private ulong _presentLow;
    private ulong _presentHigh;
    private int _arenaUsed;
    private int _end;
    private int _live;

    /// <summary>Headers in the map, pseudo headers included.</summary>
    public int Count => _live;

    public bool IsEmpty => _live == 0;

    /// <summary>Bytes of names and values as RFC 9113 section 6.5.2 counts them, without the 32 bytes of overhead each.</summary>
    public int ByteSize { get; private set; }

    /// <summary><c>:method</c>, empty when absent.</summary>
    public ReadOnlySpan<byte> Method => Get(HeaderId.Method);

    /// <summary><c>:path</c>, empty when absent.</summary>
    public ReadOnlySpan<byte> Path => Get(HeaderId.Path);

    /// <summary><c>:authority</c>, empty when absent.</summary>
    public ReadOnlySpan<byte> Authority => Get(HeaderId.Authority);

    /// <summary><c>:scheme</c>, empty when absent.</summary>
    public ReadOnlySpan<byte> Scheme => Get(HeaderId.Scheme);

    /// <summary><c>:status</c> as a number, 0 when absent or malformed.</summary>
    public int Status
    {
        get
        {
            ReadOnlySpan<byte> text = Get(HeaderId.Status);
            if (text.Length != 3)
            {
                return 0;
            }

            uint hundreds = (uint)text[0] - '0';
            uint tens = (uint)text[1] - '0';
            uint units = (uint)text[2] - '0';
            return hundreds <= 9 && tens <= 9 && units <= 9 ? (int)((hundreds * 100) + (tens * 10) + units) : 0;
        }
    }

    /// <summary>Empties the map for the next message; a map that had grown a lot goes back to its first size.</summary>
    public void Clear()
    {
        _presentLow = 0;
        _presentHigh = 0;
        _arenaUsed = 0;
        _end = 0;
        _live = 0;
        ByteSize = 0;
        if (_arena.Length > KeepArena)
        {
            _arena = new byte[InitialArena];
        }

        if (_entries.Length > KeepEntries)
        {
            _entries = new HeaderEntry[InitialEntries];
        }
    }

    public bool Has(HeaderId id) => (id < (HeaderId)64 ? _presentLow >> (int)id : _presentHigh >> ((int)id - 64)) % 2 != 0;

    /// <summary>The first value of a known header; empty when absent.</summary>
    public ReadOnlySpan<byte> Get(HeaderId id) => Has(id) ? ValueAt(_first[(int)id]) : default;

    /// <summary>The first value of a known header.</summary>
    public bool TryGet(HeaderId id, out ReadOnlySpan<byte> value)
    {
        if (!Has(id))
        {
            value = default;
            return false;
        }

        value = ValueAt(_first[(int)id]);
        return true;
    }

    /// <summary>The first value of a header by its lower-case name.</summary>
    public bool TryGet(ReadOnlySpan<byte> lowerCaseName, out ReadOnlySpan<byte> value)
    {
        int index = IndexOf(lowerCaseName, -1);
        value = index < 0 ? default : ValueAt(index);
        return index >= 0;
    }

    /// <summary>Index of the next header of this name after <paramref name="after"/> (-1 to start), or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> lowerCaseName, int after)
    {
        HeaderId id = HeaderNames.Find(lowerCaseName);
        if (id != HeaderId.None)
        {
            return IndexOf(id, after);
        }

        for (int i = Next(after); i >= 0; i = Next(i))
        {
            if (_entries[i].Id == HeaderId.None && NameAt(i).SequenceEqual(lowerCaseName))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Index of the next header of this id after <paramref name="after"/> (-1 to start), or -1.</summary>
    public int IndexOf(HeaderId id, int after)
    {
        if (!Has(id))
        {
            return -1;
        }

        int first = _first[(int)id];
        if (after < first)
        {
            return first;
        }

        for (int i = Next(after); i >= 0; i = Next(i))
        {
            if (_entries[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Index of the header after <paramref name="index"/> (-1 to start), or -1 at the end.</summary>
    public int Next(int index)
    {
        for (int i = index + 1; i < _end; i++)
        {
            if (_entries[i].State == EntryState.Live)
            {
                return i;
            }
        }

        return -1;
    }

    public HeaderId IdAt(int index) => _entries[index].Id;

    /// <summary>The lower-case name.</summary>
    public ReadOnlySpan<byte> NameAt(int index)
    {
        ref HeaderEntry entry = ref _entries[index];
        return entry.Id != HeaderId.None ? HeaderNames.Bytes(entry.Id) : new ReadOnlySpan<byte>(_arena, entry.NameOffset, entry.NameLength);
    }

    public ReadOnlySpan<byte> ValueAt(int index)
    {
        ref HeaderEntry entry = ref _entries[index];
        return new ReadOnlySpan<byte>(_arena, entry.ValueOffset, entry.ValueLength);
    }

    /// <summary>Appends a known header, also when there is one already.</summary>
    public void Add(HeaderId id, ReadOnlySpan<byte> value)
    {
        Span<byte> room = AddUninitialized(id, value.Length);
        value.CopyTo(room);
    }

    /// <summary>Appends a known header and returns the room for its value, which the caller fills at once.</summary>
    public Span<byte> AddUninitialized(HeaderId id, int valueLength)
    {
        Debug.Assert(id is not (HeaderId.None or HeaderId.Count), "a known header");
        Span<byte> room = Allocate(valueLength, out int offset);
        Append(id, 0, HeaderNames.Bytes(id).Length, offset, valueLength);
        return room;
    }

    /// <summary>Appends a header by its lower-case name, also when there is one already.</summary>
    public void Add(ReadOnlySpan<byte> lowerCaseName, ReadOnlySpan<byte> value)
    {
        HeaderId id = HeaderNames.Find(lowerCaseName);
        if (id != HeaderId.None)
        {
            Add(id, value);
            return;
        }

        Span<byte> room = Allocate(lowerCaseName.Length + value.Length, out int offset);
        lowerCaseName.CopyTo(room);
        value.CopyTo(room[lowerCaseName.Length..]);
        Append(HeaderId.None, offset, lowerCaseName.Length, offset + lowerCaseName.Length, value.Length);
    }

    /// <summary>Appends a known header with a number.</summary>
    public void Add(HeaderId id, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out int length);
        Add(id, text[..length]);
    }

    /// <summary>Replaces every value of a known header by one, in the place of the first.</summary>
    public void Set(HeaderId id, ReadOnlySpan<byte> value)
    {
        if (!Has(id))
        {
            Add(id, value);
            return;
        }

        int first = _first[(int)id];
        RemoveAfter(id, first);
        Replace(first, value);
    }

    public void Set(HeaderId id, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out int length);
        Set(id, text[..length]);
    }

    /// <summary>Replaces every value of a header by one, in the place of the first.</summary>
    public void Set(ReadOnlySpan<byte> lowerCaseName, ReadOnlySpan<byte> value)
    {
        HeaderId id = HeaderNames.Find(lowerCaseName);
        if (id != HeaderId.None)
        {
            Set(id, value);
            return;
        }

        int first = IndexOf(lowerCaseName, -1);
        if (first < 0)
        {
            Add(lowerCaseName, value);
            return;
        }

        for (int i = IndexOf(lowerCaseName, first); i >= 0; i = IndexOf(lowerCaseName, i))
        {
            RemoveAt(i);
        }

        Replace(first, value);
    }

    /// <summary>Appends to a header's value with a comma, or adds the header.</summary>
    public void AppendValue(HeaderId id, ReadOnlySpan<byte> value, ReadOnlySpan<byte> separator)
    {
        if (!TryGet(id, out ReadOnlySpan<byte> old) || old.IsEmpty)
        {
            Set(id, value);
            return;
        }

        int index = _first[(int)id];
        int oldLength = old.Length;
        int length = oldLength + separator.Length + value.Length;
        Span<byte> room = Allocate(length, out int offset);
        ValueAt(index).CopyTo(room);
        separator.CopyTo(room[oldLength..]);
        value.CopyTo(room[(oldLength + separator.Length)..]);
        _entries[index].ValueOffset = offset;
        _entries[index].ValueLength = length;
        ByteSize += length - oldLength;
    }

    /// <summary>Replaces the value at an index. The value may be a span of this map.</summary>
    public void Replace(int index, ReadOnlySpan<byte> value)
    {
        ref HeaderEntry entry = ref _entries[index];
        ByteSize += value.Length - entry.ValueLength;
        if (value.Length > entry.ValueLength)
        {
            Span<byte> room = Allocate(value.Length, out int offset);
            value.CopyTo(room);
            entry.ValueOffset = offset;
        }
        else
        {
            value.CopyTo(_arena.AsSpan(entry.ValueOffset));
        }

        entry.ValueLength = value.Length;
    }

    /// <summary>Removes every value of a known header; how many there were.</summary>
    public int Remove(HeaderId id)
    {
        if (!Has(id))
        {
            return 0;
        }

        int first = _first[(int)id];
        int removed = RemoveAfter(id, first) + 1;
        RemoveAt(first);
        return removed;
    }

    /// <summary>Removes every value of a header; how many there were.</summary>
    public int Remove(ReadOnlySpan<byte> lowerCaseName)
    {
        HeaderId id = HeaderNames.Find(lowerCaseName);
        if (id != HeaderId.None)
        {
            return Remove(id);
        }

        int removed = 0;
        for (int i = IndexOf(lowerCaseName, -1); i >= 0; i = IndexOf(lowerCaseName, i))
        {
            RemoveAt(i);
            removed++;
        }

        return removed;
    }

    /// <summary>Removes one header.</summary>
    public void RemoveAt(int index)
    {
        ref HeaderEntry entry = ref _entries[index];
        Debug.Assert(entry.State == EntryState.Live, "removal of a removed header");
        entry.State = EntryState.Removed;
        _live--;
        ByteSize -= entry.NameLength + entry.ValueLength;
        HeaderId id = entry.Id;
        if (id != HeaderId.None && _first[(int)id] == index)
        {
            ForgetFirst(id, index);
        }
    }

    /// <summary>Copies every header of another map behind the ones here.</summary>
    public void AddAll(HeaderMap other)
    {
        for (int i = other.Next(-1); i >= 0; i = other.Next(i))
        {
            HeaderId id = other.IdAt(i);
            if (id != HeaderId.None)
            {
                Add(id, other.ValueAt(i));
            }
            else
            {
                Add(other.NameAt(i), other.ValueAt(i));
            }
        }
    }

    /// <summary>
    /// For codecs that write names and values straight into the arena: at least <paramref name="bytes"/> plus <see cref="ArenaSlack"/>
    /// free bytes at the arena's end. Follow with <see cref="CommitParsed"/> calls, in order; nothing else in between.
    /// </summary>
    internal Span<byte> ReserveArena(int bytes)
    {
        EnsureArena(bytes);
        return _arena.AsSpan(_arenaUsed);
    }

    /// <summary>
    /// The same for codecs that write by reference: the first free byte, with at least <paramref name="bytes"/> plus
    /// <see cref="ArenaSlack"/> behind it.
    /// </summary>
    internal ref byte ReserveTail(int bytes)
    {
        EnsureArena(bytes);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_arena), _arenaUsed);
    }

    /// <summary>Makes room for <paramref name="bytes"/> in all; the first <paramref name="keep"/> written and not yet committed survive.</summary>
    internal ref byte ExtendTail(int keep, int bytes)
    {
        if (_arena.Length - ArenaSlack - _arenaUsed < bytes)
        {
            GrowArena(keep, bytes);
        }

        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_arena), _arenaUsed);
    }

    /// <summary>The entries, removed ones included, for encoders; valid until the next change.</summary>
    internal ReadOnlySpan<HeaderEntry> Entries => new(_entries, 0, _end);

    /// <summary>The arena's first byte, for encoders; <see cref="ArenaSlack"/> bytes behind every value may be read.</summary>
    internal ref byte Arena => ref MemoryMarshal.GetArrayDataReference(_arena);

    /// <summary>
    /// Adds a header whose name (when unknown) and value the codec has written at these offsets of the reserved span;
    /// <paramref name="consumed"/> bytes of the span are then in use and the span shrinks by as many.
    /// </summary>
    internal void CommitParsed(HeaderId id, int nameStart, int nameLength, int valueStart, int valueLength, int consumed)
    {
        Append(id, _arenaUsed + nameStart, nameLength, _arenaUsed + valueStart, valueLength);
        _arenaUsed += consumed;
    }

    private Span<byte> Allocate(int bytes, out int offset)
    {
        EnsureArena(bytes);
        offset = _arenaUsed;
        _arenaUsed += bytes;
        return _arena.AsSpan(offset, bytes);
    }

    private void EnsureArena(int bytes)
    {
        if (_arena.Length - ArenaSlack - _arenaUsed < bytes)
        {
            GrowArena(0, bytes);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GrowArena(int keep, int bytes)
    {
        var grown = new byte[Math.Max(_arena.Length * 2, _arenaUsed + bytes + ArenaSlack)];
        _arena.AsSpan(0, _arenaUsed + keep).CopyTo(grown);
        _arena = grown;
    }

    private void Append(HeaderId id, int nameOffset, int nameLength, int valueOffset, int valueLength)
    {
        Debug.Assert(nameLength <= MaxNameBytes && _end < MaxEntries, "codecs bound names and counts");
        if (_end == _entries.Length)
        {
            Array.Resize(ref _entries, _entries.Length * 2);
        }

        int index = _end++;
        _entries[index] = new HeaderEntry
        {
            NameOffset = nameOffset,
            NameLength = (ushort)nameLength,
            ValueOffset = valueOffset,
            ValueLength = valueLength,
            Id = id,
        };
        _live++;
        ByteSize += nameLength + valueLength;
        if (id != HeaderId.None && !Has(id))
        {
            SetFirst(id, index);
        }
    }

    private void SetFirst(HeaderId id, int index)
    {
        if (id < (HeaderId)64)
        {
            _presentLow |= 1UL << (int)id;
        }
        else
        {
            _presentHigh |= 1UL << ((int)id - 64);
        }

        _first[(int)id] = (ushort)index;
    }

    private void ForgetFirst(HeaderId id, int index)
    {
        for (int i = Next(index); i >= 0; i = Next(i))
        {
            if (_entries[i].Id == id)
            {
                _first[(int)id] = (ushort)i;
                return;
            }
        }

        if (id < (HeaderId)64)
        {
            _presentLow &= ~(1UL << (int)id);
        }
        else
        {
            _presentHigh &= ~(1UL << ((int)id - 64));
        }
    }

    private int RemoveAfter(HeaderId id, int first)
    {
        int removed = 0;
        for (int i = IndexOf(id, first); i >= 0; i = IndexOf(id, i))
        {
            RemoveAt(i);
            removed++;
        }

        return removed;
    }

    /// <summary>Index of the first header of each known id; an element counts only while its present bit is set.</summary>
    [InlineArray((int)HeaderId.Count)]
    private struct KnownIndex
    {
        private ushort _element;
    }
}
