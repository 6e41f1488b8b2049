using System.Collections.Generic;
using Sidecar.Xds.Subscriptions;

namespace Sidecar.Xds.Apply;

/// <summary>Errors of one response by resource, and their text in the NACK. One response; thread: main.</summary>
internal sealed class UpdateErrors
{
    private readonly List<string> _lines = [];
    private readonly HashSet<string> _names = [];

    public bool IsEmpty => _lines.Count == 0;

    public void Add(string name, string error)
    {
        _lines.Add($"{name}: {error}");
        _names.Add(name);
    }

    /// <summary>The outcome; the NACK reads as Envoy's: what was done, then each resource with its reason.</summary>
    public UpdateResult ToResult(string what, string separator) => IsEmpty
        ? UpdateResult.Accepted
        : UpdateResult.Rejected($"Error adding/updating {what} {string.Join(separator, _lines)}", _names);
}
