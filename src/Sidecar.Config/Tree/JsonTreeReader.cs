using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace Sidecar.Config.Tree;

/// <summary>Reads JSON into a <see cref="ConfigNode"/>; comments and trailing commas are taken, duplicate keys are errors.</summary>
public ref struct JsonTreeReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly string _file;
    private readonly ConfigErrors _errors;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _lineStart;
    private int _scanned;

    private JsonTreeReader(ReadOnlySpan<byte> json, string file, ConfigErrors errors)
    {
        _json = json;
        _file = file;
        _errors = errors;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = DocumentLimits.MaxDepth,
        });
    }

    /// <summary>Reads one document. Null if it is malformed; the reason is then in <paramref name="errors"/>.</summary>
    /// <param name="json">UTF-8 text, with or without a byte-order mark.</param>
    /// <param name="file">The name told in errors.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ConfigNode? Read(ReadOnlySpan<byte> json, string file, ConfigErrors errors)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        JsonTreeReader reader = new(json.StartsWith(mark) ? json[3..] : json, file, errors);
        try
        {
            reader._reader.Read();
            ConfigNode root = reader.ReadNode();
            while (reader._reader.Read())
            {
            }

            return root;
        }
        catch (JsonException malformed)
        {
            SourcePosition position = new(file, (int)(malformed.LineNumber ?? 0) + 1, (int)(malformed.BytePositionInLine ?? 0) + 1);
            errors.Add(position, "", "not valid JSON: " + Reason(malformed.Message));
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add(reader.Position(), "", "not valid JSON: a string holds half of a surrogate pair or bytes that are not UTF-8");
            return null;
        }
    }

    private static string Reason(string message)
    {
        int end = message.IndexOf(" LineNumber", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private ConfigNode ReadNode()
    {
        SourcePosition position = Position();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(position);
            case JsonTokenType.StartArray:
                List<ConfigNode> items = [];
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode());
                }

                return ConfigNode.Sequence(items, position);
            case JsonTokenType.String:
                return ConfigNode.Scalar(ConfigNodeKind.String, _reader.GetString()!, position);
            case JsonTokenType.Number:
                return ConfigNode.Scalar(ConfigNodeKind.Number, Encoding.ASCII.GetString(_reader.ValueSpan), position);
            case JsonTokenType.True or JsonTokenType.False:
                return ConfigNode.Scalar(ConfigNodeKind.Boolean, _reader.TokenType == JsonTokenType.True ? "true" : "false", position);
            default:
                return ConfigNode.Scalar(ConfigNodeKind.Null, "", position);
        }
    }

    private ConfigNode ReadObject(SourcePosition position)
    {
        List<ConfigEntry> entries = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            SourcePosition at = Position();
            string key = _reader.GetString()!;
            _reader.Read();
            ConfigNode value = ReadNode();
            if (keys.Add(key))
            {
                entries.Add(new ConfigEntry(key, at, value));
            }
            else
            {
                _errors.Add(at, "", $"duplicate key \"{key}\"");
            }
        }

        return ConfigNode.Mapping(entries, position);
    }

    private SourcePosition Position()
    {
        int target = (int)_reader.TokenStartIndex;
        for (int next; _scanned < target && (next = _json[_scanned..target].IndexOf((byte)'\n')) >= 0; _lineStart = _scanned)
        {
            _scanned += next + 1;
            _line++;
        }

        _scanned = Math.Max(_scanned, target);
        return new SourcePosition(_file, _line, target - _lineStart + 1);
    }
}
