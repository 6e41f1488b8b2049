using System.Globalization;
using System.Text.Json;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>Writes free-form documents (Struct, Value, ListValue) as JSON, redacting what a schema calls sensitive.</summary>
internal static class StructJson
{
    internal const string Redacted = "[redacted]";

    /// <param name="table">Where a type that an Any in the document names is looked up.</param>
    /// <param name="json">Takes the value.</param>
    /// <param name="node">The document.</param>
    /// <param name="guide">The message that the document stands for, null if unknown.</param>
    /// <param name="isSensitive">True hides every scalar.</param>
    internal static void Write(SchemaTable table, Utf8JsonWriter json, ConfigNode node, MessageSchema? guide, bool isSensitive)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Mapping:
                json.WriteStartObject();
                guide = guide is { WellKnown: WellKnownType.Any } && node.Find("@type") is { } type
                    ? table.FindMessage(SchemaTable.NameOf(type.Text))
                    : guide;
                foreach (ConfigEntry entry in node.Entries)
                {
                    FieldSchema? field = guide is { IsMapEntry: true } ? guide.Find(2) : guide?.Find(entry.Key);
                    MessageSchema? inner = field is { Kind: FieldKind.Message } ? field.Message : null;
                    json.WritePropertyName(entry.Key);
                    Write(table, json, entry.Value, inner, isSensitive || field is { IsSensitive: true });
                }

                json.WriteEndObject();
                break;
            case ConfigNodeKind.Sequence:
                json.WriteStartArray();
                foreach (ConfigNode item in node.Items)
                {
                    Write(table, json, item, guide, isSensitive);
                }

                json.WriteEndArray();
                break;
            case ConfigNodeKind.Null:
                json.WriteNullValue();
                break;
            case var _ when isSensitive:
                json.WriteStringValue(Redacted);
                break;
            case ConfigNodeKind.Boolean:
                json.WriteBooleanValue(node.IsTrue);
                break;
            case ConfigNodeKind.Number when double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(node.Text);
                break;
        }
    }
}
