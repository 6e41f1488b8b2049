using System.Collections.Generic;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Streams;

/// <summary>An object that filters share under a name. Thread: the worker.</summary>
public abstract class FilterStateObject
{
    /// <summary>Writes the object as <c>%FILTER_STATE(key:PLAIN)%</c> prints it; false when it has no text.</summary>
    public abstract bool TryWriteText(TextBuffer output);
}

/// <summary>The objects that filters share about a stream. Nothing is allocated until one is set. Thread: the worker.</summary>
public sealed class FilterState
{
    private Dictionary<string, FilterStateObject>? _objects;

    public void Set(string name, FilterStateObject value)
    {
        _objects ??= [];
        _objects[name] = value;
    }

    /// <summary>The object, or null.</summary>
    public FilterStateObject? Find(string name) => _objects is not null && _objects.TryGetValue(name, out FilterStateObject? value) ? value : null;

    internal void Clear() => _objects?.Clear();
}
