using System.Collections.Generic;

namespace Sidecar.Server.Admin;

/// <summary>A layer of runtime values, as text. Immutable.</summary>
/// <param name="Name">As configured.</param>
/// <param name="Values">By key.</param>
public sealed record RuntimeLayer(string Name, IReadOnlyDictionary<string, string> Values);

/// <summary>Runtime values by layer. Thread: main.</summary>
public abstract class RuntimeSource
{
    /// <summary>Lowest first: later ones override.</summary>
    public abstract IReadOnlyList<RuntimeLayer> Layers { get; }

    /// <summary>Merges values into the admin layer, an empty one removing its key; null, or why not.</summary>
    public abstract string? Modify(IReadOnlyList<KeyValuePair<string, string>> values);
}
