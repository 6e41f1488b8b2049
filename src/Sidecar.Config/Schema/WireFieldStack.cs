using System;
using System.Collections.Generic;

namespace Sidecar.Config.Schema;

/// <summary>
/// The fields of the messages that a walk is inside of, each message's own sorted by number. A walk pushes on entering a message and
/// pops on leaving. One thread.
/// </summary>
internal sealed class WireFieldStack
{
    private static readonly Comparer<WireField> s_byNumber =
        Comparer<WireField>.Create(static (a, b) => a.Number != b.Number ? a.Number.CompareTo(b.Number) : a.Offset.CompareTo(b.Offset));

    private readonly List<WireField> _fields = [];

    internal int Count => _fields.Count;

    internal WireField this[int index] => _fields[index];

    /// <summary>Reads the fields of a message; false if the bytes are not one, with what was readable pushed.</summary>
    internal bool Push(ReadOnlySpan<byte> message)
    {
        int start = _fields.Count;
        bool isSorted = true;
        WireReader reader = new(message);
        while (reader.TryReadField(out WireField field))
        {
            isSorted &= _fields.Count == start || _fields[^1].Number <= field.Number;
            _fields.Add(field);
        }

        if (!isSorted)
        {
            _fields.Sort(start, _fields.Count - start, s_byNumber);
        }

        return !reader.IsMalformed;
    }

    internal void PopTo(int count) => _fields.RemoveRange(count, _fields.Count - count);

    /// <summary>The end of the run of fields with the same number that starts at <paramref name="start"/>.</summary>
    internal int EndOfRun(int start)
    {
        int end = start + 1;
        while (end < _fields.Count && _fields[end].Number == _fields[start].Number)
        {
            end++;
        }

        return end;
    }

    /// <summary>
    /// The value of a singular message field: protobuf merges repeated occurrences, which is the same as joining their bytes.
    /// </summary>
    internal ReadOnlySpan<byte> MergedPayload(ReadOnlySpan<byte> message, int start, int end)
    {
        if (end == start + 1)
        {
            return _fields[start].Payload(message);
        }

        byte[] bytes = [];
        for (int i = start; i < end; i++)
        {
            bytes = [.. bytes, .. _fields[i].Payload(message)];
        }

        return bytes;
    }

    /// <summary>Appends the scalars of a run to <paramref name="values"/>, packed or not, as the bits on the wire.</summary>
    internal void ReadScalars(ReadOnlySpan<byte> message, FieldSchema field, int start, int end, List<ulong> values)
    {
        for (int i = start; i < end; i++)
        {
            WireField at = _fields[i];
            if (at.Type != WireType.LengthDelimited)
            {
                values.Add(at.Value);
                continue;
            }

            ReadOnlySpan<byte> packed = at.Payload(message);
            int width = field.WireType switch { WireType.Fixed32 => 4, WireType.Fixed64 => 8, _ => 0 };
            for (int offset = 0; width > 0 && offset + width <= packed.Length; offset += width)
            {
                values.Add(width == 4 ? BitConverter.ToUInt32(packed[offset..]) : BitConverter.ToUInt64(packed[offset..]));
            }

            WireReader reader = new(packed);
            while (width == 0 && reader.Position < packed.Length && reader.TryReadVarint(out ulong value))
            {
                values.Add(value);
            }
        }
    }
}
