using System;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Messages;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>
/// Decodes header blocks (RFC 7541) straight into the arena of a header map: an indexed field is one copy, names come out as ids, and
/// a field is checked once, when it arrives as a literal. Thread: the connection's worker.
/// </summary>
internal sealed class HpackDecoder
{
    /// <summary>The table size before any SETTINGS (RFC 9113 section 6.5.2).</summary>
    public const int DefaultTableBytes = 4096;

    private readonly HpackDynamicTable _table = new(DefaultTableBytes);
    private int _limitBytes = DefaultTableBytes;
    private bool _sizeUpdateRequired;

    /// <summary>For tests: the entries.</summary>
    internal HpackDynamicTable Table => _table;

    /// <summary>
    /// The peer has acknowledged our SETTINGS_HEADER_TABLE_SIZE. When its table is larger now, its next block must start with a size
    /// update (RFC 7541 section 4.2).
    /// </summary>
    public void SetLimit(int bytes)
    {
        _limitBytes = bytes;
        _sizeUpdateRequired = _table.MaxBytes > bytes;
    }

    /// <summary>
    /// Decodes one whole block. False: the block breaks the compression format, the table is undefined and the connection must end
    /// (COMPRESSION_ERROR). Faults of the message itself are the builder's.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> block, HeaderBlockBuilder builder)
    {
        int position = 0;

        // Step 1: size updates stand before the first field.
        while (position < block.Length && (block[position] & 0xE0) == 0x20)
        {
            if (!TryUpdateSize(block, ref position))
            {
                return false;
            }
        }

        if (_sizeUpdateRequired)
        {
            return false;
        }

        // Step 2: fields.
        while (position < block.Length)
        {
            if (block[position] < 0x80)
            {
                if (!TryReadLiteral(block, ref position, builder))
                {
                    return false;
                }

                continue;
            }

            if (!HpackInteger.TryRead(block, ref position, 7, out int index) || index == 0)
            {
                return false;
            }

            if (index <= HpackStaticTable.Count)
            {
                AddStatic(index, builder);
            }
            else if (!TryAddDynamic(index - HpackStaticTable.Count - 1, builder))
            {
                return false;
            }
        }

        return true;
    }

    private static void AddStatic(int index, HeaderBlockBuilder builder)
    {
        HeaderId id = HpackStaticTable.Id(index);
        ReadOnlySpan<byte> name = HpackStaticTable.Name(index);
        ReadOnlySpan<byte> value = HpackStaticTable.Value(index);
        Span<byte> room = builder.Reserve(name.Length + value.Length);
        int valueStart = 0;
        if (id == HeaderId.None)
        {
            name.CopyTo(room);
            valueStart = name.Length;
        }

        value.CopyTo(room[valueStart..]);
        builder.OnField(id, name.Length, room.Slice(valueStart, value.Length), valueStart, EmptyValueDefect(id, value));
    }

    private bool TryAddDynamic(int index, HeaderBlockBuilder builder)
    {
        if (index >= _table.Count)
        {
            return false;
        }

        ref readonly HpackDynamicTable.Entry entry = ref _table.At(index);
        Span<byte> room = builder.Reserve(entry.NameLength + entry.ValueLength);
        int valueStart = _table.CopyTo(entry, room);
        builder.OnField(entry.Id, entry.NameLength, room.Slice(valueStart, entry.ValueLength), valueStart, entry.Defects);
        return true;
    }

    /// <summary>
    /// A literal in its three forms: with incremental indexing (01), without (0000) and never indexed (0001). A literal that is never
    /// to be indexed is kept from our own tables by the encoder's policy for its name.
    /// </summary>
    private bool TryReadLiteral(ReadOnlySpan<byte> block, scoped ref int position, HeaderBlockBuilder builder)
    {
        bool insert = (block[position] & 0x40) != 0;
        if (!insert && (block[position] & 0x20) != 0)
        {
            return false;
        }

        if (!HpackInteger.TryRead(block, ref position, insert ? 6 : 4, out int nameIndex))
        {
            return false;
        }

        ReadOnlySpan<byte> rawName = default;
        bool nameIsHuffman = false;
        if (nameIndex == 0 && !TryReadString(block, ref position, out rawName, out nameIsHuffman))
        {
            return false;
        }

        if (!TryReadString(block, ref position, out ReadOnlySpan<byte> rawValue, out bool valueIsHuffman))
        {
            return false;
        }

        // Step 1: the name, to the start of the room.
        int valueRoom = valueIsHuffman ? HuffmanDecoder.MaxDecodedBytes(rawValue.Length) : rawValue.Length;
        int nameRoom = nameIsHuffman ? HuffmanDecoder.MaxDecodedBytes(rawName.Length) : rawName.Length;
        HeaderId id;
        int nameLength;
        Span<byte> room;
        FieldDefects defects = FieldDefects.None;
        if (nameIndex == 0)
        {
            room = builder.Reserve(nameRoom + valueRoom);
            if (!TryDecodeString(rawName, nameIsHuffman, room, out nameLength) || nameLength > HeaderMap.MaxNameBytes)
            {
                return false;
            }

            id = HeaderNames.Find(room[..nameLength]);
            defects = id == HeaderId.None ? FieldCheck.CheckName(room[..nameLength]) : FieldDefects.None;
        }
        else if (!TryCopyName(nameIndex, valueRoom, builder, out room, out id, out nameLength, out defects))
        {
            return false;
        }

        // Step 2: the value, behind an unknown name or over a known one.
        int valueStart = id == HeaderId.None ? nameLength : 0;
        if (!TryDecodeString(rawValue, valueIsHuffman, room[valueStart..], out int valueLength))
        {
            return false;
        }

        ReadOnlySpan<byte> value = room.Slice(valueStart, valueLength);
        defects |= FieldCheck.CheckValue(id, value);

        // Step 3: the table first, for the builder may refuse the field but not the insertion.
        if (insert)
        {
            ReadOnlySpan<byte> name = id == HeaderId.None ? room[..nameLength] : HeaderNames.Bytes(id);
            _table.Insert(id, name, value, 0, defects);
        }

        builder.OnField(id, nameLength, value, valueStart, defects);
        return true;
    }

    private bool TryCopyName(
        int index,
        int valueRoom,
        HeaderBlockBuilder builder,
        out Span<byte> room,
        out HeaderId id,
        out int nameLength,
        out FieldDefects defects)
    {
        defects = FieldDefects.None;
        if (index <= HpackStaticTable.Count)
        {
            id = HpackStaticTable.Id(index);
            ReadOnlySpan<byte> name = HpackStaticTable.Name(index);
            nameLength = name.Length;
            room = builder.Reserve(nameLength + valueRoom);
            if (id == HeaderId.None)
            {
                name.CopyTo(room);
            }

            return true;
        }

        index -= HpackStaticTable.Count + 1;
        if (index >= _table.Count)
        {
            room = default;
            id = HeaderId.None;
            nameLength = 0;
            return false;
        }

        ref readonly HpackDynamicTable.Entry entry = ref _table.At(index);
        id = entry.Id;
        nameLength = entry.NameLength;
        defects = entry.Defects & ~FieldDefects.Value;
        room = builder.Reserve(nameLength + Math.Max(valueRoom, entry.ValueLength));
        if (id == HeaderId.None)
        {
            _table.CopyTo(entry, room);
        }

        return true;
    }

    private bool TryUpdateSize(ReadOnlySpan<byte> block, ref int position)
    {
        if (!HpackInteger.TryRead(block, ref position, 5, out int bytes) || bytes > _limitBytes)
        {
            return false;
        }

        _table.SetMaxBytes(bytes);
        _sizeUpdateRequired = false;
        return true;
    }

    private static bool TryReadString(ReadOnlySpan<byte> block, scoped ref int position, out ReadOnlySpan<byte> raw, out bool isHuffman)
    {
        raw = default;
        isHuffman = (uint)position < (uint)block.Length && block[position] >= 0x80;
        if (!HpackInteger.TryRead(block, ref position, 7, out int length) || length > block.Length - position)
        {
            return false;
        }

        raw = block.Slice(position, length);
        position += length;
        return true;
    }

    private static bool TryDecodeString(ReadOnlySpan<byte> raw, bool isHuffman, Span<byte> destination, out int length)
    {
        if (isHuffman)
        {
            return HuffmanDecoder.TryDecode(raw, destination, out length);
        }

        raw.CopyTo(destination);
        length = raw.Length;
        return true;
    }

    /// <summary>The table's empty values are names only; some fields must not be empty.</summary>
    private static FieldDefects EmptyValueDefect(HeaderId id, ReadOnlySpan<byte> value) =>
        value.IsEmpty ? FieldCheck.CheckValue(id, value) : FieldDefects.None;
}
