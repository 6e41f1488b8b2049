using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>
/// A compiled route configuration: finds the route of a request in time proportional to its host and path, whatever the number of
/// routes, and allocates nothing. Immutable, shared by all workers; thread: any.
/// </summary>
public sealed class RouteTable
{
    private readonly DomainTable _domains;
    private readonly HeaderName[] _internalOnlyHeaders;
    private readonly bool _ignorePathParameters;

    internal RouteTable(RouteTableConfig config, DomainTable domains, IReadOnlyList<VirtualHostModel> virtualHosts)
    {
        Name = config.Name;
        Metadata = config.Metadata;
        VirtualHosts = virtualHosts;
        _domains = domains;
        _ignorePathParameters = config.IgnorePathParametersInPathMatching;
        _internalOnlyHeaders = new HeaderName[config.InternalOnlyHeaders.Count];
        for (int i = 0; i < _internalOnlyHeaders.Length; i++)
        {
            _internalOnlyHeaders[i] = new HeaderName(config.InternalOnlyHeaders[i]);
        }
    }

    public string Name { get; }

    public MetadataModel Metadata { get; }

    public IReadOnlyList<VirtualHostModel> VirtualHosts { get; }

    /// <summary>Compiles a route configuration; main thread.</summary>
    /// <param name="config">Validated input.</param>
    /// <param name="internCluster">Gives a cluster name its number; called once per mention.</param>
    /// <exception cref="RouteConfigException">All that is wrong with it.</exception>
    public static RouteTable Build(RouteTableConfig config, Func<string, int> internCluster) => new RouteTableBuilder(config, internCluster).Build();

    /// <summary>The route of a request, or null. A virtual host that requires TLS answers with a redirect of its own.</summary>
    public RouteEntry? Find(HeaderMap request, in RouteContext context)
    {
        VirtualHostModel? virtualHost = _domains.Find(request.Authority);
        if (virtualHost is null)
        {
            return null;
        }

        if (virtualHost.RedirectsToTls(request, in context))
        {
            return virtualHost.SslRedirect;
        }

        var subject = new RouteRequest(request, _ignorePathParameters);
        return virtualHost.Find(in subject, in context);
    }

    /// <summary>The virtual host of an authority, or null.</summary>
    public VirtualHostModel? FindVirtualHost(ReadOnlySpan<byte> authority) => _domains.Find(authority);

    /// <summary>Removes the headers that only requests from inside may carry; the connection manager calls it for the others.</summary>
    public void RemoveInternalOnlyHeaders(HeaderMap request)
    {
        foreach (HeaderName name in _internalOnlyHeaders)
        {
            name.Remove(request);
        }
    }

    /// <summary><see cref="Find"/> by trying one route after the other, for tests.</summary>
    internal RouteEntry? FindLinear(HeaderMap request, in RouteContext context)
    {
        var subject = new RouteRequest(request, _ignorePathParameters);
        return _domains.Find(request.Authority)?.FindLinear(in subject, in context);
    }
}
