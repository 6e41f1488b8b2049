using System.Collections.Generic;

namespace Sidecar.Config.Tree;

/// <summary>What a node of a parsed document is.</summary>
public enum ConfigNodeKind : byte
{
    Null = 0,
    Boolean,
    Number,
    String,
    Mapping,
    Sequence,
}

/// <summary>Where a node was read: file name as the user gave it, line and column from 1; 0 if the node has no text.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}

/// <summary>A key of a mapping and its value.</summary>
public readonly record struct ConfigEntry(string Key, SourcePosition KeyPosition, ConfigNode Value);

/// <summary>
/// A node of a YAML or JSON document, or of a google.protobuf.Struct. Immutable once read; YAML aliases share nodes, so the whole is a
/// graph without cycles whose expanded size (<see cref="ExpandedSize"/>) is bounded by the reader.
/// </summary>
public sealed class ConfigNode
{
    private ConfigNode(ConfigNodeKind kind, SourcePosition position, string text)
    {
        Kind = kind;
        Position = position;
        Text = text;
    }

    public ConfigNodeKind Kind { get; }

    public SourcePosition Position { get; }

    /// <summary>The text of a scalar, as written.</summary>
    public string Text { get; }

    /// <summary>The value of a boolean: YAML 1.1 also has yes, on and y.</summary>
    public bool IsTrue => Kind == ConfigNodeKind.Boolean
        && (Text[0] is 't' or 'T' or 'y' or 'Y' || (Text.Length == 2 && Text[1] is 'n' or 'N'));

    /// <summary>The entries of a mapping, in document order; keys are unique.</summary>
    public IReadOnlyList<ConfigEntry> Entries { get; private init; } = [];

    /// <summary>The items of a sequence.</summary>
    public IReadOnlyList<ConfigNode> Items { get; private init; } = [];

    /// <summary>Nodes in this subtree with every alias expanded.</summary>
    public long ExpandedSize { get; private init; } = 1;

    public static ConfigNode Scalar(ConfigNodeKind kind, string text, SourcePosition position) => new(kind, position, text);

    public static ConfigNode Mapping(IReadOnlyList<ConfigEntry> entries, SourcePosition position)
    {
        long size = 1;
        foreach (ConfigEntry entry in entries)
        {
            size += entry.Value.ExpandedSize;
        }

        return new ConfigNode(ConfigNodeKind.Mapping, position, "") { Entries = entries, ExpandedSize = size };
    }

    public static ConfigNode Sequence(IReadOnlyList<ConfigNode> items, SourcePosition position)
    {
        long size = 1;
        foreach (ConfigNode item in items)
        {
            size += item.ExpandedSize;
        }

        return new ConfigNode(ConfigNodeKind.Sequence, position, "") { Items = items, ExpandedSize = size };
    }

    /// <summary>The value under <paramref name="key"/>, null if there is none.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (ConfigEntry entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry.Value;
            }
        }

        return null;
    }

    /// <summary>What the node is, for messages.</summary>
    public string Describe() => Kind switch
    {
        ConfigNodeKind.Null => "null",
        ConfigNodeKind.Boolean => $"the boolean {Text}",
        ConfigNodeKind.Number => $"the number {Text}",
        ConfigNodeKind.String => Text.Length <= 60 ? $"the string \"{Text}\"" : $"the string \"{Text[..60]}...\"",
        ConfigNodeKind.Mapping => "a mapping",
        _ => "a sequence",
    };
}
