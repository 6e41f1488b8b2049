using System;
using System.Collections.Generic;
using System.IO;

namespace Sidecar.Config.Schema;

/// <summary>
/// Which fields the converters read, from a text of lines `message: field, field`; a star stands for all fields of a message, a hash
/// starts a comment. Immutable. Any thread.
/// </summary>
public sealed class SupportedFields
{
    private readonly Dictionary<string, HashSet<string>> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _vital = new(StringComparer.Ordinal);

    /// <summary>The list that is embedded in this assembly.</summary>
    public static SupportedFields Embedded => EmbeddedHolder.Fields;

    /// <summary>Parses a list and checks it against the table.</summary>
    /// <exception cref="InvalidDataException">A line is malformed, or names a message or field that does not exist.</exception>
    public static SupportedFields Parse(SchemaTable table, string text)
    {
        SupportedFields supported = new();
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            bool isVital = line.StartsWith('!');
            Dictionary<string, HashSet<string>> lists = isVital ? supported._vital : supported._fields;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            MessageSchema message = (colon < 0 ? null : table.FindMessage(line[(isVital ? 1 : 0)..colon].Trim()))
                ?? throw new InvalidDataException($"not a known message: {line}");
            lists.TryAdd(message.FullName, new HashSet<string>(StringComparer.Ordinal));
            foreach (string field in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (field != "*" && message.Find(field)?.Name != field)
                {
                    throw new InvalidDataException($"{message.FullName} has no field {field}");
                }

                lists[message.FullName].Add(field);
            }
        }

        return supported;
    }

    public bool Contains(MessageSchema message, FieldSchema field) => Lists(_fields, message, field.Name);

    /// <summary>True if ignoring the field would be unsafe.</summary>
    public bool IsVital(MessageSchema message, FieldSchema field) => Lists(_vital, message, field.Name);

    /// <summary>True if ignoring a field of the message that the table lacks would be unsafe.</summary>
    public bool IsVital(MessageSchema message) => Lists(_vital, message, "*");

    /// <summary>The messages and their supported fields, for tests.</summary>
    internal IReadOnlyDictionary<string, HashSet<string>> Listed => _fields;

    private static bool Lists(Dictionary<string, HashSet<string>> lists, MessageSchema message, string field) =>
        lists.TryGetValue(message.FullName, out HashSet<string>? fields) && (fields.Contains(field) || fields.Contains("*"));

    private static class EmbeddedHolder
    {
        internal static readonly SupportedFields Fields = Load();

        private static SupportedFields Load()
        {
            using Stream stream = typeof(SupportedFields).Assembly.GetManifestResourceStream("supported-fields.txt")
                ?? throw new InvalidOperationException("built without supported-fields.txt");
            using StreamReader reader = new(stream);
            return Parse(SchemaTable.Api, reader.ReadToEnd());
        }
    }
}
