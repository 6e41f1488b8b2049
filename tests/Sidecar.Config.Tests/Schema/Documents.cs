using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Tests.Schema;

/// <summary>Short ways from YAML to wire bytes and from there to JSON.</summary>
internal static class Documents
{
    internal static MessageSchema Message(string name) => SchemaTable.Api.GetMessage(name);

    internal static byte[] Encode(string messageName, string yaml)
    {
        (byte[] bytes, ConfigErrors errors) = TryEncode(messageName, yaml);
        errors.RejectUnknownFields();
        Assert.True(errors.IsEmpty, errors.ToString());
        return bytes;
    }

    internal static (byte[] Bytes, ConfigErrors Errors) TryEncode(string messageName, string yaml)
    {
        ConfigErrors errors = new();
        ConfigNode? node = YamlTreeReader.Read(yaml, "test.yaml", errors);
        Assert.True(node is not null, errors.ToString());
        return (WireEncoder.Encode(SchemaTable.Api, Message(messageName), node, errors), errors);
    }

    /// <summary>The only error of a document that has one.</summary>
    internal static ConfigError SingleError(string messageName, string yaml)
    {
        (_, ConfigErrors errors) = TryEncode(messageName, yaml);
        errors.RejectUnknownFields();
        return Assert.Single(errors.Errors);
    }

    internal static string ToJson(string messageName, ReadOnlySpan<byte> bytes, string mask = "", bool redacts = true)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WireJsonWriter.Write(SchemaTable.Api, Message(messageName), bytes, writer, FieldMaskTree.Parse(mask), redacts);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    internal static string[] Violations(string messageName, string yaml)
    {
        ConfigErrors errors = new();
        ConstraintValidator.Check(SchemaTable.Api, Message(messageName), Encode(messageName, yaml), errors);
        return [.. errors.Errors.Select(e => e.ToString())];
    }
}
