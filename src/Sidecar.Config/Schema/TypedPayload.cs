using System;
using System.Text;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>
/// What a google.protobuf.Any holds once a TypedStruct around it is taken off: the type URL of the message and its wire bytes. A
/// TypedStruct keeps its body as a Struct with snake_case names, which is encoded as the message that its type_url names.
/// </summary>
public readonly ref struct TypedPayload
{
    private TypedPayload(string typeUrl, ReadOnlySpan<byte> bytes, MessageSchema? message, bool wasStruct)
    {
        TypeUrl = typeUrl;
        Bytes = bytes;
        Message = message;
        WasStruct = wasStruct;
    }

    /// <summary>The type URL as sent; empty for an empty Any.</summary>
    public string TypeUrl { get; }

    /// <summary>The message's wire bytes; those of the Struct if the type is not in the table.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The schema of the type, null if the table lacks it.</summary>
    public MessageSchema? Message { get; }

    /// <summary>True if a TypedStruct was taken off.</summary>
    public bool WasStruct { get; }

    /// <summary>Reads an Any.</summary>
    /// <param name="table">Where the type is looked up.</param>
    /// <param name="any">The wire bytes of the Any.</param>
    /// <param name="errors">Takes what a TypedStruct's body has that the message does not; null to leave that to another pass.</param>
    /// <param name="root">Stands before the paths in errors.</param>
    public static TypedPayload Unwrap(SchemaTable table, ReadOnlySpan<byte> any, ConfigErrors? errors = null, string root = "")
    {
        string typeUrl = Split(any, out ReadOnlySpan<byte> bytes);
        return Unwrap(table, typeUrl, bytes, errors, root);
    }

    /// <summary>As the other overload, for an Any that is already taken apart.</summary>
    public static TypedPayload Unwrap(
        SchemaTable table, string typeUrl, ReadOnlySpan<byte> value, ConfigErrors? errors = null, string root = "")
    {
        MessageSchema? message = typeUrl.Length == 0 ? null : table.FindMessage(SchemaTable.NameOf(typeUrl));
        if (message is not { WellKnown: WellKnownType.TypedStruct })
        {
            return new TypedPayload(typeUrl, value, message, wasStruct: false);
        }

        string innerUrl = Split(value, out ReadOnlySpan<byte> body);
        MessageSchema? inner = table.FindMessage(SchemaTable.NameOf(innerUrl));
        if (inner is null)
        {
            return new TypedPayload(innerUrl, body, null, wasStruct: true);
        }

        ConfigNode document = StructReader.ReadStruct(body, default);
        byte[] encoded = WireEncoder.Encode(table, inner, document, errors ?? new ConfigErrors(), root);
        return new TypedPayload(innerUrl, encoded, inner, wasStruct: true);
    }

    /// <summary>Any and both TypedStructs have the URL at 1 and the content at 2.</summary>
    internal static string Split(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> content)
    {
        string url = "";
        content = default;
        WireReader reader = new(message);
        while (reader.TryReadField(out WireField field))
        {
            if (field is { Number: 1, Type: WireType.LengthDelimited })
            {
                url = Encoding.UTF8.GetString(field.Payload(message));
            }
            else if (field is { Number: 2, Type: WireType.LengthDelimited })
            {
                content = field.Payload(message);
            }
        }

        return url;
    }
}
