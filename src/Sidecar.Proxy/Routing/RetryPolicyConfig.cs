using System.Collections.Generic;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>RetryPolicy</c>, validated.</summary>
public sealed record RetryPolicyConfig
{
    /// <summary>Conditions with commas; plain and gRPC ones.</summary>
    public string RetryOn { get; init; } = string.Empty;

    public uint NumRetries { get; init; } = 1;

    /// <summary>0 means the route's timeout.</summary>
    public long PerTryTimeoutMs { get; init; }

    /// <summary>0 means none.</summary>
    public long PerTryIdleTimeoutMs { get; init; }

    /// <summary>Name and configuration of a retry priority extension; null for none.</summary>
    public object? RetryPriority { get; init; }

    /// <summary>Names of retry host predicates, e.g. <c>envoy.retry_host_predicates.previous_hosts</c>.</summary>
    public IReadOnlyList<string> RetryHostPredicates { get; init; } = [];

    public uint HostSelectionRetryMaxAttempts { get; init; } = 1;

    public IReadOnlyList<int> RetriableStatusCodes { get; init; } = [];

    public IReadOnlyList<HeaderMatcherConfig> RetriableHeaders { get; init; } = [];

    /// <summary>Requests that match none of these are not retried; empty means all may be.</summary>
    public IReadOnlyList<HeaderMatcherConfig> RetriableRequestHeaders { get; init; } = [];

    public RetryBackOffConfig? RetryBackOff { get; init; }

    public RateLimitedRetryBackOffConfig? RateLimitedRetryBackOff { get; init; }
}

/// <summary>Envoy's <c>RetryBackOff</c>; a maximum of 0 means ten times the base.</summary>
public sealed record RetryBackOffConfig(long BaseIntervalMs, long MaxIntervalMs = 0);

/// <summary>What a header that says when to come back holds.</summary>
public enum ResetHeaderFormat : byte
{
    Seconds = 0,
    UnixTimestamp,
}

/// <summary>One header of Envoy's <c>RateLimitedRetryBackOff</c>.</summary>
public sealed record ResetHeaderConfig(string Name, ResetHeaderFormat Format);

/// <summary>Envoy's <c>RateLimitedRetryBackOff</c>.</summary>
public sealed record RateLimitedRetryBackOffConfig(IReadOnlyList<ResetHeaderConfig> ResetHeaders, long MaxIntervalMs = 300_000);
