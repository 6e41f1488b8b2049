using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.HeaderMutations;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>What a route does with a request.</summary>
public enum RouteActionKind : byte
{
    /// <summary><c>non_forwarding_action</c>: not for a proxy.</summary>
    None = 0,

    /// <summary>To a cluster known by configuration.</summary>
    Cluster,

    /// <summary>To the cluster that a request header names.</summary>
    ClusterHeader,
    Redirect,
    DirectResponse,
}

/// <summary>
/// The route of a request: its action and everything that the levels above say about it, joined once when the table is built. With
/// weighted clusters there is one entry a cluster. Immutable, shared by all workers; thread: any.
/// </summary>
public sealed class RouteEntry
{
    private static readonly RedirectAction s_sslRedirect = new(new RedirectActionConfig { HttpsRedirect = true }, matchedLength: 0);

    private readonly HeaderMutation[] _requestMutations;
    private readonly HeaderMutation[] _responseMutations;
    private readonly HostRewrite? _hostRewrite;
    private readonly PathRewrite? _pathRewrite;

    internal RouteEntry(RouteEntryParts parts)
    {
        Name = parts.Name;
        VirtualHost = parts.VirtualHost;
        Metadata = parts.Metadata;
        Kind = parts.Kind;
        Cluster = parts.Cluster;
        ClusterHeader = parts.ClusterHeader;
        Forward = parts.Forward;
        Redirect = parts.Redirect;
        DirectResponse = parts.DirectResponse;
        Decorator = parts.Decorator;
        MetadataMatch = parts.MetadataMatch;
        PerRequestBufferLimitBytes = parts.PerRequestBufferLimitBytes;
        TypedPerFilterConfig = parts.TypedPerFilterConfig;
        _requestMutations = parts.RequestMutations;
        _responseMutations = parts.ResponseMutations;
        _hostRewrite = parts.HostRewrite is { IsEmpty: false } ? parts.HostRewrite : null;
        _pathRewrite = parts.PathRewrite;
    }

    /// <summary>Empty when the route has none.</summary>
    public string Name { get; }

    public VirtualHostModel VirtualHost { get; }

    public MetadataModel Metadata { get; }

    public RouteActionKind Kind { get; }

    /// <summary>Set for <see cref="RouteActionKind.Cluster"/>.</summary>
    public ClusterRef? Cluster { get; }

    /// <summary>Set for <see cref="RouteActionKind.ClusterHeader"/>; see <see cref="TryGetClusterName"/>.</summary>
    public HeaderName? ClusterHeader { get; }

    /// <summary>Set for both ways to a cluster.</summary>
    public ForwardAction? Forward { get; }

    public RedirectAction? Redirect { get; }

    public DirectResponseAction? DirectResponse { get; }

    public DecoratorConfig? Decorator { get; }

    /// <summary>The subset of the cluster's hosts that may serve.</summary>
    public MetadataModel MetadataMatch { get; }

    /// <summary>Null leaves the connection manager's limit.</summary>
    public uint? PerRequestBufferLimitBytes { get; }

    /// <summary>The most specific configuration of each filter, by filter name.</summary>
    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; }

    /// <summary>The most specific configuration of a filter, or null.</summary>
    public object? PerFilterConfig(string filterName) => TypedPerFilterConfig.TryGetValue(filterName, out object? config) ? config : null;

    /// <summary>The name of the cluster that the request chooses; false when its header is missing.</summary>
    public bool TryGetClusterName(HeaderMap request, out ReadOnlySpan<byte> name)
    {
        if (Cluster is not null)
        {
            name = Cluster.NameBytes;
            return true;
        }

        name = default;
        return ClusterHeader is not null && ClusterHeader.TryGet(request, out name) && !name.IsEmpty;
    }

    /// <summary>Readies a request for its upstream: header mutations of all levels, then the host, then the path.</summary>
    /// <param name="request">Changed.</param>
    /// <param name="info">Read by format strings.</param>
    /// <param name="insertOriginalPath">Notes a rewritten path in <c>x-envoy-original-path</c>; false with <c>suppress_envoy_headers</c>.</param>
    public void FinalizeRequestHeaders(HeaderMap request, StreamInfo info, bool insertOriginalPath = true)
    {
        if (_requestMutations.Length > 0)
        {
            var context = new FormatContext(info, request);
            foreach (HeaderMutation mutation in _requestMutations)
            {
                mutation.Apply(request, in context);
            }
        }

        _hostRewrite?.Apply(request);
        _pathRewrite?.Apply(request, insertOriginalPath);
    }

    /// <summary>Readies a response for the client: header mutations of all levels.</summary>
    public void FinalizeResponseHeaders(HeaderMap request, HeaderMap response, StreamInfo info)
    {
        if (_responseMutations.Length == 0)
        {
            return;
        }

        var context = new FormatContext(info, request, response);
        foreach (HeaderMutation mutation in _responseMutations)
        {
            mutation.Apply(response, in context);
        }
    }

    internal static RouteEntry ForSslRedirect(VirtualHostModel virtualHost) => new(new RouteEntryParts
    {
        VirtualHost = virtualHost,
        Kind = RouteActionKind.Redirect,
        Redirect = s_sslRedirect,
    });
}

/// <summary>What a <see cref="RouteEntry"/> is made of. Main thread.</summary>
internal sealed record RouteEntryParts
{
    public string Name { get; init; } = string.Empty;

    public required VirtualHostModel VirtualHost { get; init; }

    public MetadataModel Metadata { get; init; } = MetadataModel.Empty;

    public required RouteActionKind Kind { get; init; }

    public ClusterRef? Cluster { get; init; }

    public HeaderName? ClusterHeader { get; init; }

    public ForwardAction? Forward { get; init; }

    public RedirectAction? Redirect { get; init; }

    public DirectResponseAction? DirectResponse { get; init; }

    public DecoratorConfig? Decorator { get; init; }

    public MetadataModel MetadataMatch { get; init; } = MetadataModel.Empty;

    public uint? PerRequestBufferLimitBytes { get; init; }

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; init; } = Routing.PerFilterConfig.None;

    /// <summary>In the order in which they are applied.</summary>
    public HeaderMutation[] RequestMutations { get; init; } = [];

    public HeaderMutation[] ResponseMutations { get; init; } = [];

    public HostRewrite? HostRewrite { get; init; }

    public PathRewrite? PathRewrite { get; init; }
}
