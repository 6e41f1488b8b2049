using System;
using System.Collections.Generic;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>
/// Turns a document into the wire bytes of a message, fields in number order. Takes what Envoy and control planes write: both spellings
/// of names, 64-bit integers as strings, enum names in lower case or by number, a single value for a repeated field. Every error is
/// collected, with position and path. One thread, one document.
/// </summary>
public sealed class WireEncoder
{
    private const int MaxDepth = 100;

    private readonly SchemaTable _table;
    private readonly ConfigErrors _errors;
    private readonly WireBuffer _out = new();
    private readonly FieldPath _path;
    private int _depth;

    private WireEncoder(SchemaTable table, ConfigErrors errors, FieldPath path)
    {
        _table = table;
        _errors = errors;
        _path = path;
    }

    /// <summary>
    /// Encodes <paramref name="node"/> as <paramref name="message"/>. With errors the bytes are those of the part that is right.
    /// </summary>
    /// <param name="table">Where types named in Any are looked up.</param>
    /// <param name="message">The type of the document.</param>
    /// <param name="node">The document.</param>
    /// <param name="errors">Takes errors, and apart from them unknown fields.</param>
    /// <param name="root">Stands before the paths in errors.</param>
    public static byte[] Encode(SchemaTable table, MessageSchema message, ConfigNode node, ConfigErrors errors, string root = "")
    {
        WireEncoder encoder = new(table, errors, new FieldPath(root));
        encoder.WriteMessage(message, node);
        return encoder._out.ToArray();
    }

    private void WriteMessage(MessageSchema message, ConfigNode node)
    {
        if (++_depth > MaxDepth)
        {
            Fail(node, $"nested deeper than {MaxDepth} messages");
        }
        else
        {
            WriteMessageBody(message, node);
        }

        _depth--;
    }

    private void WriteMessageBody(MessageSchema message, ConfigNode node)
    {
        switch (message.WellKnown)
        {
            case WellKnownType.None or WellKnownType.TypedStruct:
                WriteFields(message, node, isAnyPayload: false);
                break;
            case WellKnownType.Any:
                WriteAny(node);
                break;
            case WellKnownType.Duration:
                if (node.Kind != ConfigNodeKind.String || !TimeText.TryParseDuration(node.Text, out long seconds, out int nanos))
                {
                    Fail(node, $"expected a duration such as 1.5s, not {node.Describe()}");
                    break;
                }

                WriteTime(seconds, nanos);
                break;
            case WellKnownType.Timestamp:
                if (node.Kind != ConfigNodeKind.String || !TimeText.TryParseTimestamp(node.Text, out seconds, out nanos))
                {
                    Fail(node, $"expected a time such as 2030-01-31T08:00:00Z, not {node.Describe()}");
                    break;
                }

                WriteTime(seconds, nanos);
                break;
            case WellKnownType.FieldMask:
                WriteFieldMask(node);
                break;
            case WellKnownType.Wrapper:
                WriteSingle(message.Fields[0], node);
                break;
            default:
                WriteDynamic(message.WellKnown, node);
                break;
        }
    }

    private void WriteDynamic(WellKnownType type, ConfigNode node)
    {
        string? wrong = StructEncoder.Write(_out, type, node, MaxDepth - _depth);
        if (wrong is not null)
        {
            Fail(node, wrong);
        }
    }

    private void WriteTime(long seconds, int nanos)
    {
        if (seconds != 0)
        {
            _out.WriteTag(1, WireType.Varint);
            _out.WriteVarint((ulong)seconds);
        }

        if (nanos != 0)
        {
            _out.WriteTag(2, WireType.Varint);
            _out.WriteVarint((ulong)(long)nanos);
        }
    }

    private void WriteFieldMask(ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.String)
        {
            Fail(node, "expected comma-separated field paths, not " + node.Describe());
            return;
        }

        foreach (string path in node.Text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            _out.WriteTag(1, WireType.LengthDelimited);
            _out.WriteString(FieldMaskText.ToSnakeCase(path));
        }
    }

    private void WriteAny(ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Mapping)
        {
            Fail(node, "expected a mapping with \"@type\", not " + node.Describe());
            return;
        }

        if (node.Entries.Count == 0)
        {
            return;
        }

        ConfigNode? type = node.Find("@type");
        if (type is not { Kind: ConfigNodeKind.String })
        {
            Fail(node, "no \"@type\" that names the type of this extension's configuration");
            return;
        }

        bool isUrl = type.Text.Contains('/', StringComparison.Ordinal);
        MessageSchema? message = isUrl ? _table.FindMessage(SchemaTable.NameOf(type.Text)) : null;
        if (message is null)
        {
            Fail(type, $"unknown type \"{type.Text}\"");
            return;
        }

        _out.WriteTag(1, WireType.LengthDelimited);
        _out.WriteString(type.Text);
        int tagStart = _out.Length;
        _out.WriteTag(2, WireType.LengthDelimited);
        int start = _out.BeginNested();
        if (message.WellKnown is WellKnownType.None or WellKnownType.TypedStruct)
        {
            WriteFields(message, node, isAnyPayload: true);
        }
        else if (node.Find("value") is { } value)
        {
            WriteMessage(message, value);
        }

        if (_out.Length == start)
        {
            _out.Truncate(tagStart);
        }
        else
        {
            _out.EndNested(start);
        }
    }

    private void WriteFields(MessageSchema message, ConfigNode node, bool isAnyPayload)
    {
        if (node.Kind != ConfigNodeKind.Mapping)
        {
            Fail(node, $"expected a mapping ({message.FullName}), not {node.Describe()}");
            return;
        }

        List<(FieldSchema Field, ConfigEntry Entry)> found = new(node.Entries.Count);
        foreach (ConfigEntry entry in node.Entries)
        {
            if (isAnyPayload && entry.Key == "@type")
            {
                continue;
            }

            if (message.Find(entry.Key) is { } field)
            {
                if (entry.Value.Kind != ConfigNodeKind.Null || IsValue(field))
                {
                    found.Add((field, entry));
                }
            }
            else if (message.FullName != "google.protobuf.Empty" || entry.Key != "value")
            {
                _path.PushField(entry.Key);
                _errors.AddUnknownField(entry.KeyPosition, _path.ToString(), $"unknown field of {message.FullName}");
                _path.Pop();
            }
        }

        found.Sort(static (a, b) => a.Field.Number.CompareTo(b.Field.Number));
        CheckUnique(message, found);
        foreach ((FieldSchema field, ConfigEntry entry) in found)
        {
            _path.PushField(field.Name);
            WriteField(field, entry.Value);
            _path.Pop();
        }
    }

    /// <summary>A field named in both spellings, or two members of a oneof, leave open which one is meant.</summary>
    private void CheckUnique(MessageSchema message, List<(FieldSchema Field, ConfigEntry Entry)> found)
    {
        FieldSchema?[] members = message.Oneofs.Count == 0 ? [] : new FieldSchema?[message.Oneofs.Count];
        for (int i = 0; i < found.Count; i++)
        {
            FieldSchema field = found[i].Field;
            if (i > 0 && found[i - 1].Field == field)
            {
                Fail(found[i].Entry, field, $"set twice, as \"{found[i - 1].Entry.Key}\" and \"{found[i].Entry.Key}\"");
            }
            else if (field.OneofIndex >= 0)
            {
                if (members[field.OneofIndex] is { } other)
                {
                    string oneof = message.Oneofs[field.OneofIndex].Name;
                    Fail(found[i].Entry, field, $"only one of {other.Name} and {field.Name} may be set (oneof {oneof})");
                }

                members[field.OneofIndex] = field;
            }
        }
    }

    private void WriteField(FieldSchema field, ConfigNode node)
    {
        if (!field.IsRepeated)
        {
            WriteSingle(field, node);
        }
        else if (field.IsMap)
        {
            WriteMap(field, node);
        }
        else if (node.Kind != ConfigNodeKind.Sequence)
        {
            WriteRepeated(field, [node]);
        }
        else
        {
            WriteRepeated(field, node.Items);
        }
    }

    private void WriteRepeated(FieldSchema field, IReadOnlyList<ConfigNode> items)
    {
        bool isPacked = field.WireType != WireType.LengthDelimited && items.Count > 0;
        int start = 0;
        if (isPacked)
        {
            _out.WriteTag(field.Number, WireType.LengthDelimited);
            start = _out.BeginNested();
        }

        for (int i = 0; i < items.Count; i++)
        {
            _path.PushIndex(i);
            WriteValue(field, items[i], isTagged: !isPacked, skipDefault: false);
            _path.Pop();
        }

        if (isPacked)
        {
            _out.EndNested(start);
        }
    }

    private void WriteMap(FieldSchema field, ConfigNode node)
    {
        if (node.Kind != ConfigNodeKind.Mapping)
        {
            Fail(node, "expected a mapping, not " + node.Describe());
            return;
        }

        FieldSchema keyField = field.Message.Find(1)!;
        FieldSchema valueField = field.Message.Find(2)!;
        foreach (ConfigEntry entry in node.Entries)
        {
            _path.PushKey(entry.Key);
            _out.WriteTag(field.Number, WireType.LengthDelimited);
            int start = _out.BeginNested();
            ConfigNode key = ConfigNode.Scalar(ConfigNodeKind.String, entry.Key, entry.KeyPosition);
            WriteValue(keyField, key, isTagged: true, skipDefault: false);
            WriteValue(valueField, entry.Value, isTagged: true, skipDefault: false);
            _out.EndNested(start);
            _path.Pop();
        }
    }

    private void WriteSingle(FieldSchema field, ConfigNode node) =>
        WriteValue(field, node, isTagged: true, skipDefault: !field.HasPresence);

    private void WriteValue(FieldSchema field, ConfigNode node, bool isTagged, bool skipDefault)
    {
        switch (field.Kind)
        {
            case FieldKind.Message:
                _out.WriteTag(field.Number, WireType.LengthDelimited);
                int start = _out.BeginNested();
                WriteMessage(field.Message, node);
                _out.EndNested(start);
                break;
            case FieldKind.String:
                string? wrong = ScalarEncoder.TryReadString(node, out string text);
                if (wrong is not null)
                {
                    Fail(node, wrong);
                }
                else if (!skipDefault || text.Length > 0)
                {
                    _out.WriteTag(field.Number, WireType.LengthDelimited);
                    _out.WriteString(text);
                }

                break;
            case FieldKind.Bytes:
                wrong = ScalarEncoder.TryReadBytes(node, out byte[] bytes);
                if (wrong is not null)
                {
                    Fail(node, wrong);
                }
                else if (!skipDefault || bytes.Length > 0)
                {
                    _out.WriteTag(field.Number, WireType.LengthDelimited);
                    _out.WriteBytes(bytes);
                }

                break;
            default:
                wrong = ScalarEncoder.TryReadBits(field, node, out ulong bits);
                if (wrong is not null)
                {
                    Fail(node, wrong);
                }
                else if (!skipDefault || bits != 0)
                {
                    WriteBits(field, bits, isTagged);
                }

                break;
        }
    }

    private void WriteBits(FieldSchema field, ulong bits, bool isTagged)
    {
        if (isTagged)
        {
            _out.WriteTag(field.Number, field.WireType);
        }

        switch (field.WireType)
        {
            case WireType.Fixed32:
                _out.WriteFixed32((uint)bits);
                break;
            case WireType.Fixed64:
                _out.WriteFixed64(bits);
                break;
            default:
                _out.WriteVarint(bits);
                break;
        }
    }

    private static bool IsValue(FieldSchema field) =>
        !field.IsRepeated && field.Kind == FieldKind.Message && field.TypeName == "google.protobuf.Value";

    private void Fail(ConfigNode node, string message) => _errors.Add(node.Position, _path.ToString(), message);

    private void Fail(ConfigEntry entry, FieldSchema field, string message)
    {
        _path.PushField(field.Name);
        _errors.Add(entry.KeyPosition, _path.ToString(), message);
        _path.Pop();
    }
}
