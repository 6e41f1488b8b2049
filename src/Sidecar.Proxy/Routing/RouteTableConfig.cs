using System.Collections.Generic;
using Sidecar.Proxy.HeaderMutations;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>Envoy's <c>RouteConfiguration</c>, validated.</summary>
public sealed record RouteTableConfig
{
    public string Name { get; init; } = string.Empty;

    public IReadOnlyList<VirtualHostConfig> VirtualHosts { get; init; } = [];

    /// <summary>Removed from requests that come from outside.</summary>
    public IReadOnlyList<string> InternalOnlyHeaders { get; init; } = [];

    public HeadersConfig Headers { get; init; } = HeadersConfig.None;

    public bool MostSpecificHeaderMutationsWins { get; init; }

    public bool IgnorePortInHostMatching { get; init; }

    public bool IgnorePathParametersInPathMatching { get; init; }

    public uint MaxDirectResponseBodySizeBytes { get; init; } = 4096;

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; init; } = PerFilterConfig.None;

    public IReadOnlyList<RequestMirrorPolicyConfig> RequestMirrorPolicies { get; init; } = [];

    public MetadataModel Metadata { get; init; } = MetadataModel.Empty;
}

/// <summary>The four header lists that each level of a route table has.</summary>
public sealed record HeadersConfig
{
    public static readonly HeadersConfig None = new();

    public IReadOnlyList<HeaderValueOptionConfig> RequestHeadersToAdd { get; init; } = [];

    public IReadOnlyList<string> RequestHeadersToRemove { get; init; } = [];

    public IReadOnlyList<HeaderValueOptionConfig> ResponseHeadersToAdd { get; init; } = [];

    public IReadOnlyList<string> ResponseHeadersToRemove { get; init; } = [];
}
