using System;
using System.Collections.Generic;

namespace Sidecar.Proxy.Streams;

/// <summary>
/// Envoy's <c>Metadata</c>: a struct per filter or tool name (<c>filter_metadata</c>), and typed metadata as opaque objects. Immutable;
/// thread: any.
/// </summary>
public sealed class MetadataModel
{
    public static readonly MetadataModel Empty = new(new Dictionary<string, StructValue>());

    public MetadataModel(IReadOnlyDictionary<string, StructValue> filterMetadata) => FilterMetadata = filterMetadata;

    /// <summary>Key: filter name, e.g. <c>envoy.lb</c> or <c>istio</c>.</summary>
    public IReadOnlyDictionary<string, StructValue> FilterMetadata { get; }

    /// <summary>The value below a path in one filter's struct, or null.</summary>
    public StructValue? Find(string filter, ReadOnlySpan<string> path) =>
        FilterMetadata.TryGetValue(filter, out StructValue? root) ? root.Find(path) : null;
}
