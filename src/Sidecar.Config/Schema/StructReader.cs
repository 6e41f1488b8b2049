using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>
/// Reads the wire bytes of google.protobuf.Struct, Value and ListValue into a document, so that a TypedStruct's body can be encoded as
/// the message that it names.
/// </summary>
internal static class StructReader
{
    private const int MaxDepth = 100;

    /// <summary>Reads a Struct; the last of two equal keys wins, as in a protobuf map.</summary>
    internal static ConfigNode ReadStruct(ReadOnlySpan<byte> message, SourcePosition position, int depth = 0)
    {
        List<ConfigEntry> entries = [];
        Dictionary<string, int> keys = new(StringComparer.Ordinal);
        WireReader reader = new(message);
        while (depth < MaxDepth && reader.TryReadField(out WireField field))
        {
            if (field is not { Number: 1, Type: WireType.LengthDelimited })
            {
                continue;
            }

            ConfigEntry entry = ReadEntry(field.Payload(message), position, depth);
            if (keys.TryAdd(entry.Key, entries.Count))
            {
                entries.Add(entry);
            }
            else
            {
                entries[keys[entry.Key]] = entry;
            }
        }

        return ConfigNode.Mapping(entries, position);
    }

    private static ConfigEntry ReadEntry(ReadOnlySpan<byte> entry, SourcePosition position, int depth)
    {
        string key = "";
        ConfigNode value = ConfigNode.Scalar(ConfigNodeKind.Null, "", position);
        WireReader reader = new(entry);
        while (reader.TryReadField(out WireField field))
        {
            if (field is { Number: 1, Type: WireType.LengthDelimited })
            {
                key = Encoding.UTF8.GetString(field.Payload(entry));
            }
            else if (field is { Number: 2, Type: WireType.LengthDelimited })
            {
                value = ReadValue(field.Payload(entry), position, depth + 1);
            }
        }

        return new ConfigEntry(key, position, value);
    }

    internal static ConfigNode ReadValue(ReadOnlySpan<byte> message, SourcePosition position, int depth)
    {
        ConfigNode value = ConfigNode.Scalar(ConfigNodeKind.Null, "", position);
        WireReader reader = new(message);
        while (reader.TryReadField(out WireField field))
        {
            value = (field.Number, field.Type) switch
            {
                (2, WireType.Fixed64) => ConfigNode.Scalar(
                    ConfigNodeKind.Number,
                    BitConverter.UInt64BitsToDouble(field.Value).ToString("R", CultureInfo.InvariantCulture),
                    position),
                (3, WireType.LengthDelimited) => ConfigNode.Scalar(
                    ConfigNodeKind.String, Encoding.UTF8.GetString(field.Payload(message)), position),
                (4, WireType.Varint) => ConfigNode.Scalar(ConfigNodeKind.Boolean, field.Value != 0 ? "true" : "false", position),
                (5, WireType.LengthDelimited) => ReadStruct(field.Payload(message), position, depth + 1),
                (6, WireType.LengthDelimited) => ReadList(field.Payload(message), position, depth + 1),
                _ => value,
            };
        }

        return value;
    }

    internal static ConfigNode ReadList(ReadOnlySpan<byte> message, SourcePosition position, int depth)
    {
        List<ConfigNode> items = [];
        WireReader reader = new(message);
        while (depth < MaxDepth && reader.TryReadField(out WireField field))
        {
            if (field is { Number: 1, Type: WireType.LengthDelimited })
            {
                items.Add(ReadValue(field.Payload(message), position, depth + 1));
            }
        }

        return ConfigNode.Sequence(items, position);
    }
}
