using System;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Errors;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>What the connection manager refuses although the codec let it through. Stateless; thread: any worker.</summary>
internal static class RequestHeadCheck
{
    /// <summary>The problem to answer with, or null.</summary>
    public static ErrorDetail? Find(HeaderMap headers, HttpProtocol protocol)
    {
        ReadOnlySpan<byte> path = headers.Path;
        bool connect = headers.Method.SequenceEqual("CONNECT"u8) && !headers.Has(HeaderId.Protocol);
        if (path.IsEmpty && !connect)
        {
            return ProxyErrors.MissingPath;
        }

        if (headers.Authority.IsEmpty && protocol != HttpProtocol.Http10)
        {
            return ProxyErrors.MissingHost;
        }

        // RFC 9110 section 7.1: what is routed is an absolute path, or "*" of an OPTIONS request.
        if (!connect && path[0] != '/' && !(path.SequenceEqual("*"u8) && headers.Method.SequenceEqual("OPTIONS"u8)))
        {
            return ProxyErrors.AbsolutePathRejected;
        }

        return null;
    }
}
