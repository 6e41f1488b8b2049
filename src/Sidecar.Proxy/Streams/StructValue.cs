using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Streams;

/// <summary>What a <see cref="StructValue"/> holds.</summary>
public enum StructValueKind : byte
{
    Null = 0,
    Bool,
    Number,
    Text,
    List,
    Struct,
}

/// <summary>
/// A JSON-like value (<c>google.protobuf.Value</c>): metadata of routes, clusters, hosts and streams, and the trees of JSON formats.
/// Immutable; thread: any.
/// </summary>
public sealed class StructValue
{
    private static readonly Dictionary<string, StructValue> s_noFields = [];

    public static readonly StructValue Null = new(StructValueKind.Null);

    private StructValue(StructValueKind kind) => Kind = kind;

    public StructValueKind Kind { get; }

    public bool BoolValue { get; private init; }

    public double NumberValue { get; private init; }

    public string TextValue { get; private init; } = string.Empty;

    /// <summary>Elements of a list; empty otherwise.</summary>
    public IReadOnlyList<StructValue> Items { get; private init; } = [];

    /// <summary>Fields of a struct; empty otherwise.</summary>
    public IReadOnlyDictionary<string, StructValue> Fields { get; private init; } = s_noFields;

    /// <summary>The same fields for walking: enumerating the interface would allocate.</summary>
    internal KeyValuePair<string, StructValue>[] FieldList { get; private init; } = [];

    public static StructValue From(bool value) => new(StructValueKind.Bool) { BoolValue = value };

    public static StructValue From(double value) => new(StructValueKind.Number) { NumberValue = value };

    public static StructValue From(string value) => new(StructValueKind.Text) { TextValue = value };

    public static StructValue From(IReadOnlyList<StructValue> items) => new(StructValueKind.List) { Items = items };

    public static StructValue From(IReadOnlyDictionary<string, StructValue> fields) => new(StructValueKind.Struct)
    {
        Fields = fields,
        FieldList = [.. fields],
    };

    /// <summary>The value below a path of struct keys; itself for an empty path, null when a key is missing.</summary>
    public StructValue? Find(ReadOnlySpan<string> path)
    {
        StructValue value = this;
        foreach (string key in path)
        {
            if (value.Kind != StructValueKind.Struct || !value.Fields.TryGetValue(key, out StructValue? next))
            {
                return null;
            }

            value = next;
        }

        return value;
    }
}
