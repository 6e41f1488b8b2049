using System.Collections.Generic;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>RateLimit</c>: descriptors that rate limit filters build; each action is that filter's own object.</summary>
public sealed record RateLimitConfig
{
    /// <summary>Which stage of the filter applies it.</summary>
    public uint Stage { get; init; }

    public string DisableKey { get; init; } = string.Empty;

    public IReadOnlyList<object> Actions { get; init; } = [];

    public object? Limit { get; init; }

    public bool ApplyOnStreamDone { get; init; }
}
