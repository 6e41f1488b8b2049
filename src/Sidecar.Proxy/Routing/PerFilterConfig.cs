using System.Collections.Generic;

namespace Sidecar.Proxy.Routing;

/// <summary>Configurations of HTTP filters by filter name, as their factories built them. Immutable; thread: any.</summary>
public static class PerFilterConfig
{
    public static readonly IReadOnlyDictionary<string, object> None = new Dictionary<string, object>();

    /// <summary>The most specific configuration of each filter; levels come from the least specific to the most.</summary>
    internal static IReadOnlyDictionary<string, object> Merge(params IReadOnlyDictionary<string, object>[] levels)
    {
        Dictionary<string, object>? merged = null;
        foreach (IReadOnlyDictionary<string, object> level in levels)
        {
            foreach (KeyValuePair<string, object> entry in level)
            {
                merged ??= [];
                merged[entry.Key] = entry.Value;
            }
        }

        return merged ?? None;
    }
}
