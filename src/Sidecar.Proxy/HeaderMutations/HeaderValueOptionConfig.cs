namespace Sidecar.Proxy.HeaderMutations;

/// <summary>What happens when a header to be added is there already; names are Envoy's.</summary>
public enum HeaderAppendAction : byte
{
    AppendIfExistsOrAdd = 0,
    AddIfAbsent,
    OverwriteIfExistsOrAdd,
    OverwriteIfExists,
}

/// <summary>Envoy's <c>HeaderValueOption</c>.</summary>
public sealed record HeaderValueOptionConfig
{
    public required string Key { get; init; }

    /// <summary>A format string.</summary>
    public required string Value { get; init; }

    public HeaderAppendAction AppendAction { get; init; }

    /// <summary>Adds the header although its value came out empty.</summary>
    public bool KeepEmptyValue { get; init; }
}
