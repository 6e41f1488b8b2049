using System;
using Sidecar.Config.Schema;

namespace Sidecar.Server.Admin.Config;

/// <summary>
/// Wraps a tracked resource in the message that a config dump lists it in: whichever of the usual fields the message has are filled, so
/// one writer serves all kinds. Stateless.
/// </summary>
internal static class ElementWriter
{
    private const long NsPerSecond = 1_000_000_000;

    /// <summary>Wire bytes of an element.</summary>
    /// <param name="message">The element's message, e.g. <c>envoy.admin.v3.ClustersConfigDump.DynamicCluster</c>.</param>
    /// <param name="entry">The resource.</param>
    /// <param name="version">The version that is shown; null when only the failure is known.</param>
    public static byte[] Write(MessageSchema message, ConfigEntry entry, ConfigVersion? version)
    {
        var output = new WireBuffer();
        foreach (FieldSchema field in message.Fields)
        {
            switch (field.Name)
            {
                case "active_state":
                    WriteState(output, field, entry, entry.Active);
                    break;
                case "warming_state":
                    WriteState(output, field, entry, entry.Warming);
                    break;
                case "draining_state":
                    WriteState(output, field, entry, entry.Draining);
                    break;
                case "error_state":
                    WriteFailure(output, field, entry);
                    break;
                default:
                    WriteField(output, field, entry, version);
                    break;
            }
        }

        return output.ToArray();
    }

    /// <summary>Wire bytes of a <c>google.protobuf.Any</c>.</summary>
    public static byte[] WriteAny(string messageName, ReadOnlySpan<byte> bytes)
    {
        var output = new WireBuffer();
        WriteAny(output, messageName, bytes);
        return output.ToArray();
    }

    private static void WriteField(WireBuffer output, FieldSchema field, ConfigEntry entry, ConfigVersion? version)
    {
        if (field.Name == "name")
        {
            WriteString(output, field, entry.Name);
        }
        else if (version is null)
        {
            return;
        }
        else if (field.Name == "version_info")
        {
            WriteString(output, field, version.Version);
        }
        else if (field.Name == "last_updated")
        {
            WriteTimestamp(output, field, version.UpdatedUnixNs);
        }
        else if (field is { Kind: FieldKind.Message, Message.WellKnown: WellKnownType.Any })
        {
            int start = BeginNested(output, field);
            WriteAny(output, entry.Kind.MessageName(), version.Resource.Span);
            output.EndNested(start);
        }
    }

    private static void WriteState(WireBuffer output, FieldSchema field, ConfigEntry entry, ConfigVersion? version)
    {
        if (version is not null)
        {
            output.WriteTag(field.Number, WireType.LengthDelimited);
            output.WriteBytes(Write(field.Message, entry, version));
        }
    }

    private static void WriteFailure(WireBuffer output, FieldSchema field, ConfigEntry entry)
    {
        if (entry.Failure is not { } failure)
        {
            return;
        }

        int start = BeginNested(output, field);
        if (!failure.Resource.IsEmpty)
        {
            int any = BeginNested(output, field.Message.Find("failed_configuration")!);
            WriteAny(output, entry.Kind.MessageName(), failure.Resource.Span);
            output.EndNested(any);
        }

        WriteTimestamp(output, field.Message.Find("last_update_attempt")!, failure.AttemptUnixNs);
        WriteString(output, field.Message.Find("details")!, failure.Details);
        WriteString(output, field.Message.Find("version_info")!, failure.Version);
        output.EndNested(start);
    }

    private static void WriteAny(WireBuffer output, string messageName, ReadOnlySpan<byte> bytes)
    {
        output.WriteTag(1, WireType.LengthDelimited);
        output.WriteString("type.googleapis.com/" + messageName);
        output.WriteTag(2, WireType.LengthDelimited);
        output.WriteBytes(bytes);
    }

    private static void WriteString(WireBuffer output, FieldSchema field, string text)
    {
        if (text.Length > 0)
        {
            output.WriteTag(field.Number, WireType.LengthDelimited);
            output.WriteString(text);
        }
    }

    private static void WriteTimestamp(WireBuffer output, FieldSchema field, long unixNs)
    {
        int start = BeginNested(output, field);
        output.WriteTag(1, WireType.Varint);
        output.WriteVarint((ulong)(unixNs / NsPerSecond));
        output.WriteTag(2, WireType.Varint);
        output.WriteVarint((ulong)(unixNs % NsPerSecond / 1_000_000 * 1_000_000));
        output.EndNested(start);
    }

    private static int BeginNested(WireBuffer output, FieldSchema field)
    {
        output.WriteTag(field.Number, WireType.LengthDelimited);
        return output.BeginNested();
    }
}
