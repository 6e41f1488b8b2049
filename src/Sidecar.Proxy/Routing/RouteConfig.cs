using System.Collections.Generic;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>Route</c>, validated. One of the three actions is set; none is <c>non_forwarding_action</c>.</summary>
public sealed record RouteConfig
{
    public string Name { get; init; } = string.Empty;

    public required RouteMatchConfig Match { get; init; }

    public RouteActionConfig? Route { get; init; }

    public RedirectActionConfig? Redirect { get; init; }

    public DirectResponseActionConfig? DirectResponse { get; init; }

    public HeadersConfig Headers { get; init; } = HeadersConfig.None;

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; init; } = PerFilterConfig.None;

    public DecoratorConfig? Decorator { get; init; }

    /// <summary>The route's own prefix of virtual-cluster stats; empty for none.</summary>
    public string StatPrefix { get; init; } = string.Empty;

    public uint? PerRequestBufferLimitBytes { get; init; }

    public MetadataModel Metadata { get; init; } = MetadataModel.Empty;
}

/// <summary>Names the operation of a route's spans.</summary>
public sealed record DecoratorConfig(string Operation, bool Propagate = true);

/// <summary>How a <see cref="RouteMatchConfig"/> compares the path.</summary>
public enum PathMatchKind : byte
{
    Prefix = 0,

    /// <summary><c>path</c>: the whole path.</summary>
    Exact,

    /// <summary>The path itself, or anything below it.</summary>
    PathSeparatedPrefix,
    SafeRegex,

    /// <summary>CONNECT requests, whatever their path.</summary>
    Connect,
}

/// <summary>Envoy's <c>RouteMatch</c>, validated.</summary>
public sealed record RouteMatchConfig
{
    public PathMatchKind PathKind { get; init; }

    /// <summary>The path, prefix or regex; unused for CONNECT.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>False ignores the case of ASCII letters; without effect on regexes.</summary>
    public bool CaseSensitive { get; init; } = true;

    public IReadOnlyList<HeaderMatcherConfig> Headers { get; init; } = [];

    public IReadOnlyList<QueryParameterMatcherConfig> QueryParameters { get; init; } = [];

    /// <summary>Only gRPC requests.</summary>
    public bool Grpc { get; init; }

    public RuntimeFraction? RuntimeFraction { get; init; }

    public TlsContextMatchConfig? TlsContext { get; init; }

    public IReadOnlyList<MetadataMatcherConfig> DynamicMetadata { get; init; } = [];
}

/// <summary>What the client's certificate must be; null leaves it open.</summary>
public sealed record TlsContextMatchConfig(bool? Presented, bool? Validated);
