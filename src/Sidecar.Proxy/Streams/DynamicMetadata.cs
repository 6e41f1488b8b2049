using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Streams;

/// <summary>What filters have noted about a stream, by their names. Nothing is allocated until something is noted. Thread: the worker.</summary>
public sealed class DynamicMetadata
{
    private Dictionary<string, StructValue>? _byFilter;

    public bool IsEmpty => _byFilter is null || _byFilter.Count == 0;

    /// <summary>Sets a filter's struct; the fields of an earlier one that the new one lacks stay, as in Envoy's merge.</summary>
    public void Set(string filter, StructValue value)
    {
        _byFilter ??= [];
        if (_byFilter.TryGetValue(filter, out StructValue? old) && old.Kind == StructValueKind.Struct && value.Kind == StructValueKind.Struct)
        {
            value = Merge(old, value);
        }

        _byFilter[filter] = value;
    }

    /// <summary>The value below a path in one filter's struct, or null.</summary>
    public StructValue? Find(string filter, ReadOnlySpan<string> path) =>
        _byFilter is not null && _byFilter.TryGetValue(filter, out StructValue? root) ? root.Find(path) : null;

    internal void Clear() => _byFilter?.Clear();

    private static StructValue Merge(StructValue old, StructValue value)
    {
        var fields = new Dictionary<string, StructValue>(old.Fields);
        foreach (KeyValuePair<string, StructValue> field in value.Fields)
        {
            bool bothStructs = field.Value.Kind == StructValueKind.Struct
                && fields.TryGetValue(field.Key, out StructValue? before) && before.Kind == StructValueKind.Struct;
            fields[field.Key] = bothStructs ? Merge(fields[field.Key], field.Value) : field.Value;
        }

        return StructValue.From(fields);
    }
}
