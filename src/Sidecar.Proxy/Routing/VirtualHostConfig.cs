using System.Collections.Generic;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>When a virtual host answers plain HTTP with a redirect to HTTPS.</summary>
public enum TlsRequirement : byte
{
    None = 0,

    /// <summary>Unless the request is internal (<c>x-envoy-internal</c>).</summary>
    ExternalOnly,
    All,
}

/// <summary>Envoy's <c>VirtualHost</c>, validated.</summary>
public sealed record VirtualHostConfig
{
    public required string Name { get; init; }

    /// <summary>Hosts (<c>a.b</c>), suffixes (<c>*.b</c>), prefixes (<c>a.*</c>) or <c>*</c>; ports count unless ignored.</summary>
    public required IReadOnlyList<string> Domains { get; init; }

    /// <summary>The first that matches wins.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    public TlsRequirement RequireTls { get; init; }

    public HeadersConfig Headers { get; init; } = HeadersConfig.None;

    public RetryPolicyConfig? RetryPolicy { get; init; }

    public HedgePolicyConfig? HedgePolicy { get; init; }

    /// <summary>Sends <c>x-envoy-attempt-count</c> upstream.</summary>
    public bool IncludeRequestAttemptCount { get; init; }

    /// <summary>Sends <c>x-envoy-attempt-count</c> downstream.</summary>
    public bool IncludeAttemptCountInResponse { get; init; }

    /// <summary>Sends <c>x-envoy-is-timeout-retry</c> upstream.</summary>
    public bool IncludeIsTimeoutRetryHeader { get; init; }

    public uint? PerRequestBufferLimitBytes { get; init; }

    public IReadOnlyList<RateLimitConfig> RateLimits { get; init; } = [];

    public IReadOnlyList<RequestMirrorPolicyConfig> RequestMirrorPolicies { get; init; } = [];

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; init; } = PerFilterConfig.None;

    public MetadataModel Metadata { get; init; } = MetadataModel.Empty;
}
