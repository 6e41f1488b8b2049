using System.Collections.Generic;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Proxy.Streams;
using MetadataProto = Envoy.Config.Core.V3.Metadata;

namespace Sidecar.Config.Values;

/// <summary><c>google.protobuf.Struct</c> and the metadata made of it. Thread: main.</summary>
internal static class StructConverter
{
    /// <summary>Metadata; the shared empty one when there is none.</summary>
    public static MetadataModel Build(MetadataProto? proto)
    {
        if (proto is null || proto.FilterMetadata.Count == 0)
        {
            return MetadataModel.Empty;
        }

        var filters = new Dictionary<string, StructValue>(proto.FilterMetadata.Count);
        foreach (KeyValuePair<string, Struct> entry in proto.FilterMetadata)
        {
            filters[entry.Key] = Build(entry.Value);
        }

        return new MetadataModel(filters);
    }

    public static StructValue Build(Struct proto)
    {
        var fields = new Dictionary<string, StructValue>(proto.Fields.Count);
        foreach (KeyValuePair<string, Value> entry in proto.Fields)
        {
            fields[entry.Key] = Build(entry.Value);
        }

        return StructValue.From(fields);
    }

    private static StructValue Build(Value proto)
    {
        switch (proto.KindCase)
        {
            case Value.KindOneofCase.BoolValue:
                return StructValue.From(proto.BoolValue);
            case Value.KindOneofCase.NumberValue:
                return StructValue.From(proto.NumberValue);
            case Value.KindOneofCase.StringValue:
                return StructValue.From(proto.StringValue);
            case Value.KindOneofCase.StructValue:
                return Build(proto.StructValue);
            case Value.KindOneofCase.ListValue:
                var items = new StructValue[proto.ListValue.Values.Count];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = Build(proto.ListValue.Values[i]);
                }

                return StructValue.From(items);
            default:
                return StructValue.Null;
        }
    }
}
