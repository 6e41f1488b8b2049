using System;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Routing;

/// <summary>A compiled redirect. Immutable; thread: any.</summary>
public sealed class RedirectAction
{
    private readonly byte[] _scheme;
    private readonly byte[] _host;
    private readonly byte[] _port;
    private readonly byte[] _path;
    private readonly bool _pathHasQuery;
    private readonly bool _stripQuery;
    private readonly PathRewrite? _rewrite;

    internal RedirectAction(RedirectActionConfig config, int matchedLength)
    {
        _scheme = Encoding.UTF8.GetBytes(config.SchemeRedirect.Length > 0 ? config.SchemeRedirect : config.HttpsRedirect ? "https" : string.Empty);
        _host = Encoding.UTF8.GetBytes(config.HostRedirect);
        _port = config.PortRedirect == 0 ? [] : Encoding.UTF8.GetBytes($":{config.PortRedirect}");
        _path = Encoding.UTF8.GetBytes(config.PathRedirect);
        _pathHasQuery = config.PathRedirect.Contains('?', StringComparison.Ordinal);
        _stripQuery = config.StripQuery;
        _rewrite = config.PathRedirect.Length > 0 ? null : PathRewrite.Create(config.PrefixRewrite, config.RegexRewrite, matchedLength);
        ResponseCode = config.ResponseCode;
    }

    public int ResponseCode { get; }

    /// <summary>Writes the value of <c>location</c>.</summary>
    public void BuildLocation(HeaderMap request, TextBuffer output)
    {
        ReadOnlySpan<byte> scheme = _scheme.Length > 0 ? _scheme : request.Scheme;
        output.Append(scheme);
        output.Append("://"u8);
        output.Append(_host.Length > 0 ? _host : Host(request, scheme));
        output.Append(_port);
        WritePath(request.Path, output);
    }

    private void WritePath(ReadOnlySpan<byte> path, TextBuffer output)
    {
        int pathLength = path.IndexOf((byte)'?') is int question and >= 0 ? question : path.Length;
        if (_path.Length > 0)
        {
            // A query in the configured path stands for the request's, and is never stripped.
            output.Append(_path);
            if (!_pathHasQuery && !_stripQuery)
            {
                output.Append(path[pathLength..]);
            }

            return;
        }

        ReadOnlySpan<byte> kept = _stripQuery ? path[..pathLength] : path;
        if (_rewrite is null)
        {
            output.Append(kept);
        }
        else
        {
            _rewrite.Write(kept, output);
        }
    }

    /// <summary>The request's host; its port goes when another is configured, or when it was the old scheme's default.</summary>
    private ReadOnlySpan<byte> Host(HeaderMap request, ReadOnlySpan<byte> newScheme)
    {
        ReadOnlySpan<byte> host = request.Authority;
        int colon = host.LastIndexOf((byte)':');
        if (colon < 0 || host[colon..].IndexOf((byte)']') >= 0)
        {
            return host;
        }

        ReadOnlySpan<byte> port = host[colon..];
        ReadOnlySpan<byte> oldScheme = request.TryGet(HeaderId.XForwardedProto, out ReadOnlySpan<byte> proto) ? proto : request.Scheme;
        bool isOldDefault = (oldScheme.SequenceEqual("https"u8) && port.SequenceEqual(":443"u8))
            || (oldScheme.SequenceEqual("http"u8) && port.SequenceEqual(":80"u8));
        bool drop = _port.Length > 0 || (isOldDefault && !newScheme.SequenceEqual(oldScheme));
        return drop ? host[..colon] : host;
    }
}
