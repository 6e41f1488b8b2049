using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>What becomes of the request's host on the way upstream. Immutable; thread: any.</summary>
internal sealed class HostRewrite
{
    private readonly byte[] _literal;
    private readonly HeaderName? _header;
    private readonly RegexRewrite? _pathRegex;
    private readonly bool _appendForwardedHost;

    public HostRewrite(RouteActionConfig config, string literal)
    {
        _literal = Encoding.UTF8.GetBytes(literal);
        _header = config.HostRewriteHeader.Length > 0 ? new HeaderName(config.HostRewriteHeader) : null;
        _pathRegex = config.HostRewritePathRegex is null ? null : new RegexRewrite(config.HostRewritePathRegex);
        _appendForwardedHost = config.AppendXForwardedHost;
    }

    public bool IsEmpty => _literal.Length == 0 && _header is null && _pathRegex is null;

    /// <summary>The rewrites that do not wait for the upstream host.</summary>
    public void Apply(HeaderMap request)
    {
        TextBuffer host = TextBuffer.Scratch;
        if (_literal.Length > 0)
        {
            host.Append(_literal);
        }
        else if (_header is not null)
        {
            _header.TryGet(request, out ReadOnlySpan<byte> value);
            host.Append(value);
        }
        else if (request.TryGet(HeaderId.Path, out ReadOnlySpan<byte> path) && !_pathRegex!.Apply(QueryParameters.PathOnly(path), host))
        {
            host.Clear();
        }

        if (host.Length > 0)
        {
            Set(request, host, _appendForwardedHost);
        }
    }

    /// <summary>Sets the host, and with it <c>x-forwarded-host</c> when that is asked for.</summary>
    /// <param name="request">Changed.</param>
    /// <param name="host">The new host; used as scratch space behind it.</param>
    /// <param name="appendForwardedHost">Keeps the old host.</param>
    public static void Set(HeaderMap request, TextBuffer host, bool appendForwardedHost)
    {
        int length = host.Length;
        if (appendForwardedHost && !request.Authority.IsEmpty)
        {
            host.Append(request.Authority);
            AppendForwardedHost(request, host.Written[length..]);
        }

        request.Set(HeaderId.Authority, host.Written[..length]);
    }

    /// <summary>The last entry is not repeated: a retry rewrites again.</summary>
    private static void AppendForwardedHost(HeaderMap request, ReadOnlySpan<byte> old)
    {
        ReadOnlySpan<byte> list = request.Get(HeaderId.XForwardedHost);
        int comma = list.LastIndexOf((byte)',');
        if (!(comma < 0 ? list : list[(comma + 1)..]).Trim((byte)' ').SequenceEqual(old))
        {
            request.AppendValue(HeaderId.XForwardedHost, old, ","u8);
        }
    }
}
