using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Sidecar.Config.Schema;

namespace Sidecar.Server.Admin.Config;

/// <summary>Writes <c>envoy.admin.v3.ConfigDump</c> as JSON, a resource a step. Sensitive fields are redacted. Thread: main.</summary>
internal static class ConfigDumpBody
{
    /// <summary>The sections, restricted to what the mask selects in them.</summary>
    public static SteppedBody Sections(SchemaTable table, IReadOnlyList<DumpSection> sections, FieldMaskTree? mask) =>
        new(output => WriteSections(output, table, sections, mask));

    /// <summary>The elements of one repeated field, each restricted to what the mask selects in it.</summary>
    public static SteppedBody Elements(SchemaTable table, DumpField field, FieldMaskTree? mask) =>
        new(output => WriteElements(output, table, field, mask));

    private static IEnumerator<BodyStep> WriteSections(
        IBufferWriter<byte> output, SchemaTable table, IReadOnlyList<DumpSection> sections, FieldMaskTree? mask)
    {
        using Utf8JsonWriter json = AdminResponse.CreateJson(output);
        json.WriteStartObject();
        json.WriteStartArray("configs");
        foreach (DumpSection section in sections)
        {
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/" + section.Message.FullName);
            foreach (DumpField field in section.Fields)
            {
                FieldMaskTree? inner = null;
                if (mask is not null && !mask.Selects(field.Schema.Name, out inner))
                {
                    continue;
                }

                if (field.Text.Length > 0)
                {
                    json.WriteString(field.Schema.Name, field.Text);
                }

                bool isOpen = false;
                foreach (byte[] element in field.Elements ?? [])
                {
                    if (!isOpen)
                    {
                        isOpen = true;
                        Open(json, field.Schema);
                    }

                    WireJsonWriter.Write(table, field.Schema.Message, element, json, inner);
                    json.Flush();
                    yield return default;
                }

                if (isOpen && field.Schema.IsRepeated)
                {
                    json.WriteEndArray();
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerator<BodyStep> WriteElements(IBufferWriter<byte> output, SchemaTable table, DumpField field, FieldMaskTree? mask)
    {
        MessageSchema any = table.GetMessage("google.protobuf.Any");
        using Utf8JsonWriter json = AdminResponse.CreateJson(output);
        json.WriteStartObject();
        json.WriteStartArray("configs");
        foreach (byte[] element in field.Elements ?? [])
        {
            WireJsonWriter.Write(table, any, ElementWriter.WriteAny(field.Schema.Message.FullName, element), json, mask);
            json.Flush();
            yield return default;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Open(Utf8JsonWriter json, FieldSchema field)
    {
        json.WritePropertyName(field.Name);
        if (field.IsRepeated)
        {
            json.WriteStartArray();
        }
    }
}
