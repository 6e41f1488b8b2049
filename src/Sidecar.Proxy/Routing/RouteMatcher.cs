using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>A compiled <c>RouteMatch</c>: every condition that a request must meet. Immutable; thread: any.</summary>
internal sealed class RouteMatcher
{
    private static readonly MetadataMatcher[] s_noMetadata = [];

    private readonly PathMatchKind _kind;
    private readonly byte[] _path;
    private readonly RegexMatcher? _regex;
    private readonly bool _ignoreCase;
    private readonly HeaderMatcher[] _headers;
    private readonly QueryParameterMatcher[] _queryParameters;
    private readonly MetadataMatcher[] _dynamicMetadata;
    private readonly RuntimeFraction? _fraction;
    private readonly TlsContextMatchConfig? _tls;
    private readonly bool _grpc;

    /// <exception cref="Matching.Regex.RegexSyntaxException">A regex is malformed.</exception>
    public RouteMatcher(RouteMatchConfig config)
    {
        _kind = config.PathKind;
        _ignoreCase = !config.CaseSensitive && _kind is not (PathMatchKind.SafeRegex or PathMatchKind.Connect);
        _path = _ignoreCase ? AsciiText.LowerBytes(config.Path) : Encoding.UTF8.GetBytes(config.Path);
        _regex = _kind == PathMatchKind.SafeRegex ? RegexMatcher.Create(config.Path) : null;
        _headers = HeaderMatcher.Compile(config.Headers);
        _queryParameters = new QueryParameterMatcher[config.QueryParameters.Count];
        for (int i = 0; i < _queryParameters.Length; i++)
        {
            _queryParameters[i] = new QueryParameterMatcher(config.QueryParameters[i]);
        }

        _dynamicMetadata = config.DynamicMetadata.Count == 0 ? s_noMetadata : new MetadataMatcher[config.DynamicMetadata.Count];
        for (int i = 0; i < _dynamicMetadata.Length; i++)
        {
            _dynamicMetadata[i] = new MetadataMatcher(config.DynamicMetadata[i]);
        }

        _fraction = config.RuntimeFraction;
        _tls = config.TlsContext;
        _grpc = config.Grpc;
    }

    /// <summary>The route is filed in the trie that ignores case.</summary>
    public bool IgnoresCase => _ignoreCase;

    /// <summary>The route matches only the very path that it is filed under.</summary>
    public bool IsExact => _kind == PathMatchKind.Exact;

    /// <summary>The bytes that a matching path begins with: where the route is filed.</summary>
    public ReadOnlySpan<byte> FiledUnder => _kind switch
    {
        PathMatchKind.SafeRegex => _regex!.LiteralPrefix.Span,
        PathMatchKind.Connect => default,
        _ => _path,
    };

    /// <summary>Length of the part of a matching path that a prefix rewrite replaces; -1 for the whole path.</summary>
    public int RewrittenPrefixLength => _kind is PathMatchKind.Prefix or PathMatchKind.PathSeparatedPrefix ? _path.Length : -1;

    /// <summary>Whether a request that the trie led here meets the conditions.</summary>
    public bool IsMatch(in RouteRequest request, in RouteContext context) =>
        PathMatches(in request) && ConditionsMatch(in request, in context);

    /// <summary>The same without the trie's help; what the trie is tested against.</summary>
    internal bool IsMatchUnfiled(in RouteRequest request, in RouteContext context)
    {
        ReadOnlySpan<byte> path = request.Path;
        bool filed = _kind switch
        {
            PathMatchKind.Exact => _ignoreCase ? AsciiText.EqualsLower(path, _path) : path.SequenceEqual(_path),
            PathMatchKind.Prefix or PathMatchKind.PathSeparatedPrefix =>
                _ignoreCase ? AsciiText.StartsWithLower(path, _path) : path.StartsWith(_path),
            _ => true,
        };
        return filed && IsMatch(in request, in context);
    }

    /// <summary>What the trie has not settled.</summary>
    private bool PathMatches(in RouteRequest request) => _kind switch
    {
        PathMatchKind.Connect => request.IsConnect,
        PathMatchKind.SafeRegex => request.HasPath && _regex!.IsFullMatch(request.Path),
        PathMatchKind.PathSeparatedPrefix => request.Path.Length == _path.Length || request.Path[_path.Length] == '/',
        _ => request.HasPath,
    };

    private bool ConditionsMatch(in RouteRequest request, in RouteContext context)
    {
        if (_fraction is not null && !_fraction.IsHit(context.Random))
        {
            return false;
        }

        if (_grpc && !GrpcContentType.IsGrpc(request.Headers))
        {
            return false;
        }

        if (!HeaderMatcher.AllMatch(_headers, request.Headers))
        {
            return false;
        }

        foreach (QueryParameterMatcher matcher in _queryParameters)
        {
            if (!matcher.IsMatch(request.Headers.Path))
            {
                return false;
            }
        }

        return TlsMatches(in context) && MetadataMatches(in context);
    }

    private bool TlsMatches(in RouteContext context) => _tls is null
        || ((_tls.Presented is null || _tls.Presented == context.PeerCertificatePresented)
            && (_tls.Validated is null || _tls.Validated == context.PeerCertificateValidated));

    private bool MetadataMatches(in RouteContext context)
    {
        foreach (MetadataMatcher matcher in _dynamicMetadata)
        {
            if (context.Info is null || !matcher.IsMatch(context.Info.DynamicMetadata))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A request as routes see it. Borrowed for a look-up.</summary>
internal readonly ref struct RouteRequest
{
    public RouteRequest(HeaderMap headers, bool ignorePathParameters)
    {
        Headers = headers;
        HasPath = headers.TryGet(HeaderId.Path, out ReadOnlySpan<byte> path);
        path = QueryParameters.PathOnly(path);
        if (ignorePathParameters && path.IndexOf((byte)';') is int semicolon and >= 0)
        {
            path = path[..semicolon];
        }

        Path = path;
        IsConnect = headers.Method.SequenceEqual("CONNECT"u8);
    }

    public HeaderMap Headers { get; }

    /// <summary>Without query and fragment.</summary>
    public ReadOnlySpan<byte> Path { get; }

    public bool HasPath { get; }

    public bool IsConnect { get; }
}
