using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Sidecar.Config.Tree;

/// <summary>Entry points for documents whose format is known by name only, and the merge of two documents.</summary>
public static class ConfigTree
{
    /// <summary>
    /// Reads a document: JSON if the file's name ends in .json, else YAML; text that starts with a brace or bracket is tried as JSON,
    /// which YAML contains.
    /// </summary>
    /// <param name="content">The file's bytes, UTF-8.</param>
    /// <param name="file">The file's name, also told in errors.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ConfigNode? Read(ReadOnlySpan<byte> content, string file, ConfigErrors errors)
    {
        if (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return JsonTreeReader.Read(content, file, errors);
        }

        if (content.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            ConfigErrors asJson = new();
            if (JsonTreeReader.Read(content, file, asJson) is { } node && asJson.IsEmpty)
            {
                return node;
            }
        }

        return YamlTreeReader.Read(Encoding.UTF8.GetString(content), file, errors);
    }

    /// <summary>
    /// Lays <paramref name="over"/> on <paramref name="under"/> as protobuf merges messages: mappings merge by key, sequences are
    /// appended, scalars of
    /// <paramref name="over"/> win. Both spellings of a key are one key.
    /// </summary>
    public static ConfigNode Merge(ConfigNode under, ConfigNode over)
    {
        if (under.Kind == ConfigNodeKind.Sequence && over.Kind == ConfigNodeKind.Sequence)
        {
            return ConfigNode.Sequence([.. under.Items, .. over.Items], under.Position);
        }

        if (under.Kind != ConfigNodeKind.Mapping || over.Kind != ConfigNodeKind.Mapping)
        {
            return over.Kind == ConfigNodeKind.Null ? under : over;
        }

        List<ConfigEntry> entries = [.. under.Entries];
        foreach (ConfigEntry entry in over.Entries)
        {
            int at = entries.FindIndex(e => e.Key == entry.Key || Camel(e.Key) == Camel(entry.Key));
            if (at < 0)
            {
                entries.Add(entry);
            }
            else
            {
                entries[at] = entries[at] with { Value = Merge(entries[at].Value, entry.Value) };
            }
        }

        return ConfigNode.Mapping(entries, under.Position);
    }

    /// <summary>
    /// The position of the field that <paramref name="path"/> names, or of the nearest node around it that was written down.
    /// </summary>
    public static SourcePosition Locate(ConfigNode root, string path)
    {
        ConfigNode at = root;
        foreach (string segment in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            ConfigNode? next = Step(at, segment) ?? (at.Find("value") is { } wrapped ? Step(wrapped, segment) : null);
            if (next is null)
            {
                break;
            }

            at = next;
        }

        return at.Position;
    }

    private static ConfigNode? Step(ConfigNode at, string segment)
    {
        if (segment.StartsWith('['))
        {
            ReadOnlySpan<char> digits = segment.AsSpan(1, Math.Max(0, segment.Length - 2));
            bool isIndex = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            return at.Kind == ConfigNodeKind.Sequence ? isIndex && index < at.Items.Count ? at.Items[index] : null
                : at.Kind == ConfigNodeKind.Mapping ? at.Find(segment[1..^1]) : at;
        }

        return at.Find(segment) ?? at.Find(Camel(segment));
    }

    private static string Camel(string key)
    {
        if (!key.Contains('_', StringComparison.Ordinal))
        {
            return key;
        }

        StringBuilder camel = new(key.Length);
        bool isRaised = false;
        foreach (char c in key)
        {
            if (c == '_')
            {
                isRaised = true;
                continue;
            }

            camel.Append(isRaised ? char.ToUpperInvariant(c) : c);
            isRaised = false;
        }

        return camel.ToString();
    }
}
