using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Routing;

/// <summary>A compiled virtual host. Immutable, shared by all workers; thread: any.</summary>
public sealed class VirtualHostModel
{
    private readonly RouteModel[] _routes;
    private readonly PathTrie _trie;
    private readonly PathTrie? _ignoreCaseTrie;

    internal VirtualHostModel(VirtualHostConfig config, Func<VirtualHostModel, RouteModel[]> buildRoutes)
    {
        Name = config.Name;
        Metadata = config.Metadata;
        RequireTls = config.RequireTls;
        IncludeRequestAttemptCount = config.IncludeRequestAttemptCount;
        IncludeAttemptCountInResponse = config.IncludeAttemptCountInResponse;
        IncludeIsTimeoutRetryHeader = config.IncludeIsTimeoutRetryHeader;
        PerRequestBufferLimitBytes = config.PerRequestBufferLimitBytes;
        RateLimits = config.RateLimits;
        TypedPerFilterConfig = config.TypedPerFilterConfig;
        SslRedirect = RouteEntry.ForSslRedirect(this);
        _routes = buildRoutes(this);

        var trie = new PathTrie.Builder(ignoreCase: false);
        var ignoreCaseTrie = new PathTrie.Builder(ignoreCase: true);
        for (int i = 0; i < _routes.Length; i++)
        {
            RouteMatcher match = _routes[i].Match;
            (match.IgnoresCase ? ignoreCaseTrie : trie).Add(match.FiledUnder, match.IsExact, i);
        }

        _trie = trie.Build();
        _ignoreCaseTrie = ignoreCaseTrie.IsEmpty ? null : ignoreCaseTrie.Build();
    }

    public string Name { get; }

    public MetadataModel Metadata { get; }

    public TlsRequirement RequireTls { get; }

    public bool IncludeRequestAttemptCount { get; }

    public bool IncludeAttemptCountInResponse { get; }

    public bool IncludeIsTimeoutRetryHeader { get; }

    public uint? PerRequestBufferLimitBytes { get; }

    public IReadOnlyList<RateLimitConfig> RateLimits { get; }

    public IReadOnlyDictionary<string, object> TypedPerFilterConfig { get; }

    /// <summary>How many routes it has.</summary>
    public int RouteCount => _routes.Length;

    internal RouteEntry SslRedirect { get; }

    /// <summary>The first route, in the order of the configuration, whose conditions a request meets.</summary>
    internal RouteEntry? Find(in RouteRequest request, in RouteContext context)
    {
        int best = FindFirst(_trie, in request, in context, int.MaxValue);
        if (_ignoreCaseTrie is not null)
        {
            best = FindFirst(_ignoreCaseTrie, in request, in context, best);
        }

        return best == int.MaxValue ? null : _routes[best].Select(request.Headers, context.Random);
    }

    /// <summary>The same by trying one route after the other: the meaning that the tries must keep.</summary>
    internal RouteEntry? FindLinear(in RouteRequest request, in RouteContext context)
    {
        foreach (RouteModel route in _routes)
        {
            if (route.Match.IsMatchUnfiled(in request, in context))
            {
                return route.Select(request.Headers, context.Random);
            }
        }

        return null;
    }

    /// <summary>Whether plain HTTP is answered with a redirect: the scheme counts that the client used.</summary>
    internal bool RedirectsToTls(HeaderMap headers, in RouteContext context)
    {
        if (RequireTls == TlsRequirement.None)
        {
            return false;
        }

        bool isTls = headers.TryGet(HeaderId.XForwardedProto, out ReadOnlySpan<byte> proto) ? proto.SequenceEqual("https"u8) : context.IsSecure;
        bool isInternal = headers.Get(HeaderId.XEnvoyInternal).SequenceEqual("true"u8);
        return !isTls && (RequireTls == TlsRequirement.All || !isInternal);
    }

    /// <summary>Each list is in order, so its first match that comes before the best so far is all that counts.</summary>
    private int FindFirst(PathTrie trie, in RouteRequest request, in RouteContext context, int best)
    {
        PathTrie.Walk walk = trie.Along(request.Path);
        while (walk.MoveNext(out ReadOnlySpan<int> candidates))
        {
            foreach (int index in candidates)
            {
                if (index >= best)
                {
                    break;
                }

                if (_routes[index].Match.IsMatch(in request, in context))
                {
                    best = index;
                    break;
                }
            }
        }

        return best;
    }
}
