using System;
using System.Globalization;
using Sidecar.Config.Tree;

namespace Sidecar.Config.Schema;

/// <summary>Writes a document as google.protobuf.Struct, Value or ListValue, which take any shape.</summary>
internal static class StructEncoder
{
    /// <returns>Null, or what is wrong with the document.</returns>
    internal static string? Write(WireBuffer output, WellKnownType type, ConfigNode node, int depthLeft)
    {
        if (depthLeft <= 0)
        {
            return "nested too deep";
        }

        return type switch
        {
            WellKnownType.Value => WriteValue(output, node, depthLeft),
            WellKnownType.Struct when node.Kind == ConfigNodeKind.Mapping => WriteStruct(output, node, depthLeft),
            WellKnownType.ListValue when node.Kind == ConfigNodeKind.Sequence => WriteList(output, node, depthLeft),
            WellKnownType.Struct => "expected a mapping, not " + node.Describe(),
            _ => "expected a sequence, not " + node.Describe(),
        };
    }

    private static string? WriteStruct(WireBuffer output, ConfigNode node, int depthLeft)
    {
        foreach (ConfigEntry entry in node.Entries)
        {
            output.WriteTag(1, WireType.LengthDelimited);
            int start = output.BeginNested();
            output.WriteTag(1, WireType.LengthDelimited);
            output.WriteString(entry.Key);
            output.WriteTag(2, WireType.LengthDelimited);
            int valueStart = output.BeginNested();
            string? wrong = Write(output, WellKnownType.Value, entry.Value, depthLeft - 1);
            output.EndNested(valueStart);
            output.EndNested(start);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? WriteList(WireBuffer output, ConfigNode node, int depthLeft)
    {
        foreach (ConfigNode item in node.Items)
        {
            output.WriteTag(1, WireType.LengthDelimited);
            int start = output.BeginNested();
            string? wrong = Write(output, WellKnownType.Value, item, depthLeft - 1);
            output.EndNested(start);
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? WriteValue(WireBuffer output, ConfigNode node, int depthLeft)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Null:
                output.WriteTag(1, WireType.Varint);
                output.WriteVarint(0);
                return null;
            case ConfigNodeKind.Number:
                bool isNumber = double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
                if (!isNumber || !double.IsFinite(number))
                {
                    return $"{node.Text} is out of the range of a double";
                }

                output.WriteTag(2, WireType.Fixed64);
                output.WriteFixed64(BitConverter.DoubleToUInt64Bits(number));
                return null;
            case ConfigNodeKind.String:
                output.WriteTag(3, WireType.LengthDelimited);
                output.WriteString(node.Text);
                return null;
            case ConfigNodeKind.Boolean:
                output.WriteTag(4, WireType.Varint);
                output.WriteVarint(node.IsTrue ? 1UL : 0UL);
                return null;
            default:
                bool isMapping = node.Kind == ConfigNodeKind.Mapping;
                output.WriteTag(isMapping ? 5 : 6, WireType.LengthDelimited);
                int start = output.BeginNested();
                string? wrong = isMapping ? WriteStruct(output, node, depthLeft - 1) : WriteList(output, node, depthLeft - 1);
                output.EndNested(start);
                return wrong;
        }
    }
}
