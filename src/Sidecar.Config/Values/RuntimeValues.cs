using System;
using System.Collections.Generic;
using System.Globalization;
using Sidecar.Proxy.Streams;

namespace Sidecar.Config.Values;

/// <summary>The layered runtime as one map of keys, the last layer winning. Immutable. Thread: any.</summary>
public sealed class RuntimeValues
{
    public static readonly RuntimeValues Empty = new([]);

    private readonly Dictionary<string, StructValue> _values;

    private RuntimeValues(Dictionary<string, StructValue> values) => _values = values;

    /// <summary>Keys and their values, for the admin.</summary>
    public IReadOnlyDictionary<string, StructValue> Values => _values;

    /// <summary>Lays the layers on each other. Nested structs spell one key with dots.</summary>
    public static RuntimeValues Merge(IReadOnlyList<StructValue> layers)
    {
        var values = new Dictionary<string, StructValue>(StringComparer.Ordinal);
        foreach (StructValue layer in layers)
        {
            Flatten(string.Empty, layer, values);
        }

        return new RuntimeValues(values);
    }

    /// <summary>A whole number, or the default when the key is missing or holds something else.</summary>
    public long Integer(string key, long defaultValue)
    {
        if (!_values.TryGetValue(key, out StructValue? value))
        {
            return defaultValue;
        }

        return value.Kind switch
        {
            StructValueKind.Number => (long)value.NumberValue,
            StructValueKind.Text when long.TryParse(value.TextValue, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) => number,
            _ => defaultValue,
        };
    }

    private static void Flatten(string prefix, StructValue value, Dictionary<string, StructValue> values)
    {
        foreach (KeyValuePair<string, StructValue> field in value.Fields)
        {
            string key = prefix.Length == 0 ? field.Key : $"{prefix}.{field.Key}";
            // A fractional percent is a value, though it is written as a struct.
            bool isFraction = field.Value.Fields.ContainsKey("numerator") || field.Value.Fields.ContainsKey("denominator");
            if (field.Value.Kind == StructValueKind.Struct && !isFraction)
            {
                Flatten(key, field.Value, values);
            }
            else
            {
                values[key] = field.Value;
            }
        }
    }
}
