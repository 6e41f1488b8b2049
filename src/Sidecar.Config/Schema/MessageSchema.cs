using System;
using System.Collections.Generic;

namespace Sidecar.Config.Schema;

/// <summary>Messages whose JSON form differs from "an object of fields".</summary>
public enum WellKnownType : byte
{
    None = 0,
    Any,
    Duration,
    Timestamp,
    FieldMask,
    Struct,
    Value,
    ListValue,
    Wrapper,
    TypedStruct,
}

/// <summary>A oneof: its name and whether the validate rules ask that one member is set.</summary>
public sealed record OneofSchema(string Name, bool IsRequired);

/// <summary>One message type: its fields in number order. Immutable.</summary>
public sealed class MessageSchema
{
    private readonly Dictionary<string, FieldSchema> _byName;

    internal MessageSchema(string fullName, FieldSchema[] fields, OneofSchema[] oneofs, bool isMapEntry, bool isValidated)
    {
        FullName = fullName;
        Fields = fields;
        Oneofs = oneofs;
        IsMapEntry = isMapEntry;
        IsValidated = isValidated;
        WellKnown = Classify(fullName);
        _byName = new Dictionary<string, FieldSchema>(fields.Length * 2, StringComparer.Ordinal);
        foreach (FieldSchema field in fields)
        {
            _byName[field.Name] = field;
            _byName.TryAdd(field.JsonName, field);
        }
    }

    /// <summary>The full name without a leading dot, e.g. envoy.config.cluster.v3.Cluster.</summary>
    public string FullName { get; }

    /// <summary>The last part of the name.</summary>
    public string Name => FullName[(FullName.LastIndexOf('.') + 1)..];

    /// <summary>The fields, ordered by number.</summary>
    public IReadOnlyList<FieldSchema> Fields { get; }

    public IReadOnlyList<OneofSchema> Oneofs { get; }

    public bool IsMapEntry { get; }

    /// <summary>False if the message opts out of the validate rules.</summary>
    public bool IsValidated { get; }

    public WellKnownType WellKnown { get; }

    /// <summary>Finds a field by its snake_case or lowerCamelCase name.</summary>
    public FieldSchema? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Finds a field by its number.</summary>
    public FieldSchema? Find(int number)
    {
        int low = 0;
        int high = Fields.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int at = Fields[middle].Number;
            if (at == number)
            {
                return Fields[middle];
            }

            if (at < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    private static WellKnownType Classify(string name) => name switch
    {
        "google.protobuf.Any" => WellKnownType.Any,
        "google.protobuf.Duration" => WellKnownType.Duration,
        "google.protobuf.Timestamp" => WellKnownType.Timestamp,
        "google.protobuf.FieldMask" => WellKnownType.FieldMask,
        "google.protobuf.Struct" => WellKnownType.Struct,
        "google.protobuf.Value" => WellKnownType.Value,
        "google.protobuf.ListValue" => WellKnownType.ListValue,
        "udpa.type.v1.TypedStruct" or "xds.type.v3.TypedStruct" => WellKnownType.TypedStruct,
        _ when name.StartsWith("google.protobuf.", StringComparison.Ordinal) && name.EndsWith("Value", StringComparison.Ordinal)
            => WellKnownType.Wrapper,
        _ => WellKnownType.None,
    };
}

/// <summary>One enum type. Immutable.</summary>
public sealed class EnumSchema
{
    private readonly (string Name, int Number)[] _values;

    internal EnumSchema(string fullName, (string Name, int Number)[] values)
    {
        FullName = fullName;
        _values = values;
    }

    public string FullName { get; }

    /// <summary>The names, in the order of the proto file.</summary>
    public IEnumerable<string> Names => Array.ConvertAll(_values, static v => v.Name);

    /// <summary>Finds the number of a name, exact first, then without regard to case as hand-written YAML has it.</summary>
    public bool TryGetNumber(string name, out int number)
    {
        ReadOnlySpan<StringComparison> comparisons = [StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase];
        foreach (StringComparison comparison in comparisons)
        {
            foreach ((string candidate, int value) in _values)
            {
                if (string.Equals(candidate, name, comparison))
                {
                    number = value;
                    return true;
                }
            }
        }

        number = 0;
        return false;
    }

    /// <summary>The name of a number, null if the proto file does not define it.</summary>
    public string? NameOf(int number)
    {
        foreach ((string name, int value) in _values)
        {
            if (value == number)
            {
                return name;
            }
        }

        return null;
    }
}
