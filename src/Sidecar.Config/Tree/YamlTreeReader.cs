using System;
using System.Collections.Generic;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sidecar.Config.Tree;

/// <summary>
/// Reads one YAML document into a <see cref="ConfigNode"/>: anchors, aliases and merge keys work, duplicate keys are errors, expansion
/// is bounded.
/// </summary>
public sealed class YamlTreeReader
{
    private readonly Parser _parser;
    private readonly string _file;
    private readonly ConfigErrors _errors;
    private readonly Dictionary<string, ConfigNode> _anchors = new(StringComparer.Ordinal);
    private bool _isTooLarge;

    private YamlTreeReader(string yaml, string file, ConfigErrors errors)
    {
        _parser = new Parser(new StringReader(yaml));
        _file = file;
        _errors = errors;
    }

    /// <summary>Reads the document. Null if it is malformed or too large; the reason is then in <paramref name="errors"/>.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="file">The name told in errors.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ConfigNode? Read(string yaml, string file, ConfigErrors errors)
    {
        YamlTreeReader reader = new(yaml, file, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException malformed)
        {
            SourcePosition position = new(file, (int)malformed.Start.Line, (int)malformed.Start.Column);
            errors.Add(position, "", "not valid YAML: " + malformed.Message);
            return null;
        }
    }

    private ConfigNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return ConfigNode.Mapping([], new SourcePosition(_file, 1, 1));
        }

        ConfigNode root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
        {
            _errors.Add(At(_parser.Current!), "", "more than one YAML document");
            return null;
        }

        return _isTooLarge ? null : root;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (depth > DocumentLimits.MaxDepth)
        {
            Mark at = _parser.Current?.Start ?? Mark.Empty;
            throw new YamlException(at, at, $"nested deeper than {DocumentLimits.MaxDepth} levels");
        }

        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out ConfigNode? target)
                ? target
                : throw new YamlException(alias.Start, alias.End, $"alias *{alias.Value} has no anchor before it");
        }

        if (_parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            bool isPlain = scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific);
            (ConfigNodeKind kind, string text) = isPlain ? ScalarText.Resolve(scalar.Value) : (ConfigNodeKind.String, scalar.Value);
            return Remember(scalar, ConfigNode.Scalar(kind, text, At(scalar)));
        }

        if (_parser.TryConsume<SequenceStart>(out SequenceStart? sequence))
        {
            List<ConfigNode> items = [];
            while (!_parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(depth + 1));
            }

            return Remember(sequence, ConfigNode.Sequence(items, At(sequence)));
        }

        MappingStart mapping = _parser.Consume<MappingStart>();
        return Remember(mapping, ReadMapping(mapping, depth));
    }

    private ConfigNode ReadMapping(MappingStart start, int depth)
    {
        List<ConfigEntry> entries = [];
        List<ConfigNode> merged = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent keyEvent = _parser.Current!;
            SourcePosition at = At(keyEvent);
            ConfigNode keyNode = ReadNode(depth + 1);
            if (keyNode.Kind is ConfigNodeKind.Mapping or ConfigNodeKind.Sequence)
            {
                throw new YamlException(keyEvent.Start, keyEvent.End, "a key must be a scalar");
            }

            string key = keyEvent is Scalar scalar ? scalar.Value : keyNode.Text;
            ConfigNode value = ReadNode(depth + 1);
            if (key == "<<" && keyEvent is Scalar { Style: ScalarStyle.Plain })
            {
                merged.Add(value);
            }
            else if (keys.Add(key))
            {
                entries.Add(new ConfigEntry(key, at, value));
            }
            else
            {
                _errors.Add(at, "", $"duplicate key \"{key}\"");
            }
        }

        foreach (ConfigNode source in merged)
        {
            Merge(source, entries, keys);
        }

        return ConfigNode.Mapping(entries, At(start));
    }

    /// <summary>Adds what a merge key brings; keys that are there already win.</summary>
    private void Merge(ConfigNode source, List<ConfigEntry> entries, HashSet<string> keys)
    {
        switch (source.Kind)
        {
            case ConfigNodeKind.Mapping:
                foreach (ConfigEntry entry in source.Entries)
                {
                    if (keys.Add(entry.Key))
                    {
                        entries.Add(entry);
                    }
                }

                break;
            case ConfigNodeKind.Sequence:
                foreach (ConfigNode item in source.Items)
                {
                    if (item.Kind == ConfigNodeKind.Mapping)
                    {
                        Merge(item, entries, keys);
                    }
                    else
                    {
                        _errors.Add(item.Position, "", "a merge key takes mappings, not " + item.Describe());
                    }
                }

                break;
            default:
                _errors.Add(source.Position, "", "a merge key takes a mapping, not " + source.Describe());
                break;
        }
    }

    private ConfigNode Remember(NodeEvent start, ConfigNode node)
    {
        if (node.ExpandedSize > DocumentLimits.MaxExpandedNodes && !_isTooLarge)
        {
            _isTooLarge = true;
            _errors.Add(node.Position, "", $"expands to more than {DocumentLimits.MaxExpandedNodes} nodes");
        }

        if (_isTooLarge)
        {
            node = ConfigNode.Mapping([], node.Position);
        }

        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private SourcePosition At(ParsingEvent parsingEvent) => new(_file, (int)parsingEvent.Start.Line, (int)parsingEvent.Start.Column);
}
