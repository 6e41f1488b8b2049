using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Sidecar.Config.Schema;

/// <summary>
/// Writes the wire bytes of a message as canonical proto3 JSON with snake_case names, as Envoy's /config_dump shows it: default values
/// left out, Any expanded, sensitive fields as "[redacted]". A type that the table lacks keeps its bytes as base64 under "value". One
/// thread, one message.
/// </summary>
public sealed class WireJsonWriter
{
    private const int MaxDepth = 100;

    private readonly SchemaTable _table;
    private readonly Utf8JsonWriter _json;
    private readonly WireFieldStack _fields = new();
    private readonly bool _redacts;
    private int _depth;

    private WireJsonWriter(SchemaTable table, Utf8JsonWriter json, bool redacts)
    {
        _table = table;
        _json = json;
        _redacts = redacts;
    }

    /// <summary>Writes one message as a JSON value.</summary>
    /// <param name="table">Where types named in Any are looked up.</param>
    /// <param name="message">The type of the bytes.</param>
    /// <param name="bytes">The wire bytes, borrowed for the call.</param>
    /// <param name="json">Takes the value; the caller flushes.</param>
    /// <param name="mask">The fields to write, null for all.</param>
    /// <param name="redacts">False shows sensitive fields.</param>
    public static void Write(
        SchemaTable table,
        MessageSchema message,
        ReadOnlySpan<byte> bytes,
        Utf8JsonWriter json,
        FieldMaskTree? mask = null,
        bool redacts = true) =>
        new WireJsonWriter(table, json, redacts).WriteMessage(message, bytes, mask, isSensitive: false);

    private void WriteMessage(MessageSchema message, ReadOnlySpan<byte> bytes, FieldMaskTree? mask, bool isSensitive)
    {
        if (++_depth > MaxDepth)
        {
            _json.WriteNullValue();
        }
        else
        {
            WriteMessageBody(message, bytes, mask, isSensitive);
        }

        _depth--;
    }

    private void WriteMessageBody(MessageSchema message, ReadOnlySpan<byte> bytes, FieldMaskTree? mask, bool isSensitive)
    {
        switch (message.WellKnown)
        {
            case WellKnownType.Any:
                WriteAny(bytes, mask, isSensitive);
                break;
            case WellKnownType.Duration or WellKnownType.Timestamp:
                (long seconds, int nanos) = WireValues.ReadTime(bytes);
                _json.WriteStringValue(message.WellKnown == WellKnownType.Duration
                    ? TimeText.FormatDuration(seconds, nanos)
                    : TimeText.FormatTimestamp(seconds, nanos));
                break;
            case WellKnownType.FieldMask:
                WriteFieldMask(bytes);
                break;
            case WellKnownType.Wrapper:
                WriteWrapper(message.Fields[0], bytes, isSensitive);
                break;
            case WellKnownType.Struct:
                StructJson.Write(_table, _json, StructReader.ReadStruct(bytes, default), null, isSensitive);
                break;
            case WellKnownType.Value:
                StructJson.Write(_table, _json, StructReader.ReadValue(bytes, default, 0), null, isSensitive);
                break;
            case WellKnownType.ListValue:
                StructJson.Write(_table, _json, StructReader.ReadList(bytes, default, 0), null, isSensitive);
                break;
            default:
                _json.WriteStartObject();
                WriteFields(message, bytes, mask, isSensitive);
                _json.WriteEndObject();
                break;
        }
    }

    private void WriteFieldMask(ReadOnlySpan<byte> bytes)
    {
        List<string> paths = [];
        WireReader reader = new(bytes);
        while (reader.TryReadField(out WireField field))
        {
            if (field is { Number: 1, Type: WireType.LengthDelimited })
            {
                paths.Add(FieldMaskText.ToCamelCase(Encoding.UTF8.GetString(field.Payload(bytes))));
            }
        }

        _json.WriteStringValue(string.Join(',', paths));
    }

    private void WriteWrapper(FieldSchema field, ReadOnlySpan<byte> bytes, bool isSensitive)
    {
        WireField last = default;
        WireReader reader = new(bytes);
        while (reader.TryReadField(out WireField at))
        {
            last = at.Number == 1 && at.Type == field.WireType ? at : last;
        }

        WriteScalar(field, last.Value, last.Payload(bytes), isSensitive);
    }

    private void WriteAny(ReadOnlySpan<byte> bytes, FieldMaskTree? mask, bool isSensitive)
    {
        string typeUrl = TypedPayload.Split(bytes, out ReadOnlySpan<byte> value);
        _json.WriteStartObject();
        if (typeUrl.Length > 0)
        {
            _json.WriteString("@type", typeUrl);
            MessageSchema? message = _table.FindMessage(SchemaTable.NameOf(typeUrl));
            if (message is null)
            {
                _json.WriteBase64String("value", value);
            }
            else if (message.WellKnown is WellKnownType.None or WellKnownType.TypedStruct)
            {
                WriteFields(message, value, mask, isSensitive);
            }
            else
            {
                _json.WritePropertyName("value");
                WriteMessage(message, value, mask, isSensitive);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteFields(MessageSchema message, ReadOnlySpan<byte> bytes, FieldMaskTree? mask, bool isSensitive)
    {
        if (message.WellKnown == WellKnownType.TypedStruct)
        {
            WriteTypedStruct(bytes, isSensitive);
            return;
        }

        int start = _fields.Count;
        _fields.Push(bytes);
        int stop = _fields.Count;
        for (int at = start; at < stop;)
        {
            int end = _fields.EndOfRun(at);
            FieldMaskTree? inner = null;
            if (message.Find(_fields[at].Number) is { } field && (mask is null || mask.Selects(field.Name, out inner)))
            {
                WriteField(field, bytes, at, end, inner, isSensitive || (_redacts && field.IsSensitive));
            }

            at = end;
        }

        _fields.PopTo(start);
    }

    /// <summary>The body is shown as sent, but what is sensitive in the message that it stands for is as sensitive here.</summary>
    private void WriteTypedStruct(ReadOnlySpan<byte> bytes, bool isSensitive)
    {
        string typeUrl = TypedPayload.Split(bytes, out ReadOnlySpan<byte> body);
        if (typeUrl.Length > 0)
        {
            _json.WriteString("type_url", typeUrl);
        }

        MessageSchema? guide = _redacts ? _table.FindMessage(SchemaTable.NameOf(typeUrl)) : null;
        if (WireValues.FindLast(bytes, 2).Number != 0)
        {
            _json.WritePropertyName("value");
            StructJson.Write(_table, _json, StructReader.ReadStruct(body, default), guide, isSensitive);
        }
    }

    private void WriteField(FieldSchema field, ReadOnlySpan<byte> bytes, int start, int end, FieldMaskTree? mask, bool isSensitive)
    {
        if (field.IsMap)
        {
            WriteMap(field, bytes, start, end, isSensitive);
        }
        else if (field.IsRepeated)
        {
            WriteRepeated(field, bytes, start, end, mask, isSensitive);
        }
        else if (field.Kind == FieldKind.Message)
        {
            _json.WritePropertyName(field.Name);
            WriteMessage(field.Message, _fields.MergedPayload(bytes, start, end), mask, isSensitive);
        }
        else
        {
            WireField last = _fields[end - 1];
            bool isShown = last.Type == field.WireType
                && (field.HasPresence || (last.Type == WireType.LengthDelimited ? last.Length > 0 : last.Value != 0))
                && (!isSensitive || last.Type == WireType.LengthDelimited);
            if (isShown)
            {
                _json.WritePropertyName(field.Name);
                WriteScalar(field, last.Value, last.Payload(bytes), isSensitive);
            }
        }
    }

    private void WriteRepeated(FieldSchema field, ReadOnlySpan<byte> bytes, int start, int end, FieldMaskTree? mask, bool isSensitive)
    {
        _json.WriteStartArray(field.Name);
        if (field.WireType != WireType.LengthDelimited)
        {
            List<ulong> values = [];
            _fields.ReadScalars(bytes, field, start, end, values);
            foreach (ulong value in values)
            {
                WriteScalar(field, value, default, isSensitive);
            }
        }

        for (int i = start; i < end && field.WireType == WireType.LengthDelimited; i++)
        {
            ReadOnlySpan<byte> payload = _fields[i].Payload(bytes);
            if (field.Kind == FieldKind.Message)
            {
                WriteMessage(field.Message, payload, mask, isSensitive);
            }
            else
            {
                WriteScalar(field, 0, payload, isSensitive);
            }
        }

        _json.WriteEndArray();
    }

    private void WriteMap(FieldSchema field, ReadOnlySpan<byte> bytes, int start, int end, bool isSensitive)
    {
        FieldSchema keyField = field.Message.Find(1)!;
        FieldSchema valueField = field.Message.Find(2)!;
        Dictionary<string, int> lastOfKey = new(StringComparer.Ordinal);
        for (int i = start; i < end; i++)
        {
            lastOfKey[WireValues.ReadMapKey(keyField, _fields[i].Payload(bytes))] = i;
        }

        _json.WriteStartObject(field.Name);
        foreach ((string key, int i) in lastOfKey)
        {
            _json.WritePropertyName(key);
            ReadOnlySpan<byte> entry = _fields[i].Payload(bytes);
            WireField value = WireValues.FindLast(entry, 2);
            if (valueField.Kind == FieldKind.Message)
            {
                WriteMessage(valueField.Message, value.Payload(entry), null, isSensitive);
            }
            else
            {
                WriteScalar(valueField, value.Value, value.Payload(entry), isSensitive);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteScalar(FieldSchema field, ulong bits, ReadOnlySpan<byte> payload, bool isSensitive)
    {
        if (isSensitive)
        {
            _json.WriteStringValue(payload.IsEmpty && field.Kind == FieldKind.String ? "" : StructJson.Redacted);
            return;
        }

        switch (field.Kind)
        {
            case FieldKind.String when Utf8.IsValid(payload):
                _json.WriteStringValue(payload);
                break;
            case FieldKind.String:
                _json.WriteStringValue(Encoding.UTF8.GetString(payload));
                break;
            case FieldKind.Bytes:
                _json.WriteBase64StringValue(payload);
                break;
            case FieldKind.Bool:
                _json.WriteBooleanValue(bits != 0);
                break;
            case FieldKind.Enum when field.Enum.NameOf((int)bits) is { } name:
                if (field.Enum.FullName == "google.protobuf.NullValue")
                {
                    _json.WriteNullValue();
                }
                else
                {
                    _json.WriteStringValue(name);
                }

                break;
            case FieldKind.Double:
                WriteDouble(BitConverter.UInt64BitsToDouble(bits));
                break;
            case FieldKind.Float:
                float single = BitConverter.UInt32BitsToSingle((uint)bits);
                if (float.IsFinite(single))
                {
                    _json.WriteNumberValue(single);
                }
                else
                {
                    WriteDouble(single);
                }

                break;
            case FieldKind.UInt32 or FieldKind.Fixed32:
                _json.WriteNumberValue((uint)bits);
                break;
            case FieldKind.UInt64 or FieldKind.Fixed64:
                _json.WriteStringValue(bits.ToString(CultureInfo.InvariantCulture));
                break;
            case FieldKind.Int64 or FieldKind.SFixed64 or FieldKind.SInt64:
                _json.WriteStringValue(WireValues.ToSigned(field.Kind, bits).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                _json.WriteNumberValue(WireValues.ToSigned(field.Kind, bits));
                break;
        }
    }

    private void WriteDouble(double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
