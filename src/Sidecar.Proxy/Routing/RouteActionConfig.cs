using System.Collections.Generic;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>RouteAction</c>, validated. One of the three cluster specifiers is set.</summary>
public sealed record RouteActionConfig
{
    public string Cluster { get; init; } = string.Empty;

    /// <summary>The request header that names the cluster.</summary>
    public string ClusterHeader { get; init; } = string.Empty;

    public WeightedClustersConfig? WeightedClusters { get; init; }

    /// <summary>503, 404 or 500.</summary>
    public int ClusterNotFoundResponseCode { get; init; } = 503;

    /// <summary>The subset of hosts that may serve (<c>envoy.lb</c>).</summary>
    public MetadataModel MetadataMatch { get; init; } = MetadataModel.Empty;

    public string PrefixRewrite { get; init; } = string.Empty;

    public RegexRewriteConfig? RegexRewrite { get; init; }

    public string HostRewriteLiteral { get; init; } = string.Empty;

    /// <summary>The upstream host's name becomes the host.</summary>
    public bool AutoHostRewrite { get; init; }

    public string HostRewriteHeader { get; init; } = string.Empty;

    public RegexRewriteConfig? HostRewritePathRegex { get; init; }

    public bool AppendXForwardedHost { get; init; }

    /// <summary>0 means none.</summary>
    public long TimeoutMs { get; init; } = RouteTimeouts.DefaultTimeoutMs;

    /// <summary>Null leaves the connection manager's; 0 means none.</summary>
    public long? IdleTimeoutMs { get; init; }

    public MaxStreamDurationConfig? MaxStreamDuration { get; init; }

    /// <summary>The older fields <c>max_grpc_timeout</c> and <c>grpc_timeout_offset</c>.</summary>
    public long? MaxGrpcTimeoutMs { get; init; }

    public long? GrpcTimeoutOffsetMs { get; init; }

    public RetryPolicyConfig? RetryPolicy { get; init; }

    public HedgePolicyConfig? HedgePolicy { get; init; }

    public IReadOnlyList<RequestMirrorPolicyConfig> RequestMirrorPolicies { get; init; } = [];

    public bool HighPriority { get; init; }

    public IReadOnlyList<RateLimitConfig> RateLimits { get; init; } = [];

    /// <summary>False leaves the virtual host's rate limits out.</summary>
    public bool? IncludeVhRateLimits { get; init; }

    public IReadOnlyList<HashPolicyConfig> HashPolicy { get; init; } = [];

    public IReadOnlyList<UpgradeConfig> UpgradeConfigs { get; init; } = [];

    public InternalRedirectPolicyConfig? InternalRedirectPolicy { get; init; }
}

/// <summary>Envoy's <c>WeightedCluster</c>.</summary>
public sealed record WeightedClustersConfig
{
    public required IReadOnlyList<ClusterWeightConfig> Clusters { get; init; }

    /// <summary>The request header whose number replaces the random one; empty for none.</summary>
    public string HeaderName { get; init; } = string.Empty;
}

/// <summary>One cluster among several.</summary>
public sealed record ClusterWeightConfig
{
    public string Name { get; init; } = string.Empty;

    /// <summary>Instead of a name: the request header that holds it.</summary>
    public string ClusterHeader { get; init; } = string.Empty;

    public required uint Weight { get; init; }

    public HeadersConfig Headers { get; init; } = HeadersConfig.None;

    public string HostRewriteLiteral { get; init; } = string.Empty;

    public MetadataModel MetadataMatch { get; init; } = MetadataModel.Empty;

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; init; } = PerFilterConfig.None;
}

/// <summary>Envoy's <c>RegexMatchAndSubstitute</c>: groups stand in the substitution as <c>\1</c> to <c>\9</c>.</summary>
public sealed record RegexRewriteConfig(string Pattern, string Substitution);

/// <summary>Envoy's <c>RouteAction.MaxStreamDuration</c>; null leaves each out.</summary>
public sealed record MaxStreamDurationConfig(long? MaxStreamDurationMs, long? GrpcTimeoutHeaderMaxMs, long? GrpcTimeoutHeaderOffsetMs);

/// <summary>Shadows a share of the requests to another cluster.</summary>
public sealed record RequestMirrorPolicyConfig
{
    public string Cluster { get; init; } = string.Empty;

    public string ClusterHeader { get; init; } = string.Empty;

    public Matching.RuntimeFraction? RuntimeFraction { get; init; }

    public bool TraceSampled { get; init; } = true;

    /// <summary>Leaves the host without the <c>-shadow</c> suffix.</summary>
    public bool DisableShadowHostSuffixAppend { get; init; }
}

/// <summary>Sends another attempt before the first has failed.</summary>
public sealed record HedgePolicyConfig(uint InitialRequests = 1, bool HedgeOnPerTryTimeout = false);

/// <summary>Allows or forbids an upgrade (<c>websocket</c>, <c>CONNECT</c>) on this route.</summary>
public sealed record UpgradeConfig(string UpgradeType, bool Enabled = true, object? ConnectConfig = null);

/// <summary>Redirects that are followed here instead of being passed on.</summary>
public sealed record InternalRedirectPolicyConfig
{
    public uint MaxInternalRedirects { get; init; } = 1;

    /// <summary>Of 301, 302, 303, 307 and 308.</summary>
    public IReadOnlyList<int> RedirectResponseCodes { get; init; } = [302];

    public bool AllowCrossSchemeRedirect { get; init; }

    public IReadOnlyList<string> ResponseHeadersToCopy { get; init; } = [];

    /// <summary>Predicates by name, with their configuration.</summary>
    public IReadOnlyDictionary<string, object> Predicates { get; init; } = PerFilterConfig.None;
}
