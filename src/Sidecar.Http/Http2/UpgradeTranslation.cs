using System;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// Upgrades (WebSocket) have the form of HTTP/1.1 inside the proxy and that of extended CONNECT on the wire (RFC 8441), as in Envoy:
/// translated where a head enters or leaves. Thread: the worker.
/// </summary>
internal static class UpgradeTranslation
{
    /// <summary>A request came in: an extended CONNECT becomes a GET with <c>upgrade</c>.</summary>
    public static void OnRequest(Http2Stream stream, HeaderMap headers)
    {
        if (!headers.TryGet(HeaderId.Protocol, out ReadOnlySpan<byte> protocol))
        {
            return;
        }

        stream.UpgradeProtocol = protocol.ToArray();
        headers.Set(HeaderId.Method, "GET"u8);
        headers.Remove(HeaderId.Protocol);
        headers.Set(HeaderId.Upgrade, stream.UpgradeProtocol);
        headers.Set(HeaderId.Connection, "upgrade"u8);
    }

    /// <summary>A response came in to an upgrade that we sent: 200 becomes 101.</summary>
    public static void OnResponse(Http2Stream stream, HeaderMap headers)
    {
        if (stream.UpgradeProtocol is not null && headers.Status == 200)
        {
            headers.Set(HeaderId.Status, "101"u8);
            headers.Set(HeaderId.Upgrade, stream.UpgradeProtocol);
            headers.Set(HeaderId.Connection, "upgrade"u8);
        }
    }

    /// <summary>
    /// The head to send for <paramref name="headers"/>: the same one, or a rewritten copy that is good until the next call.
    /// </summary>
    public static HeaderMap ForSending(Http2Stream stream, HeaderMap headers, Http2Connection connection)
    {
        if (connection.IsServer)
        {
            bool isUpgrade = stream.UpgradeProtocol is not null && headers.Status == 101;
            return isUpgrade ? RewriteResponse(headers, connection.Pool.RewriteMap) : headers;
        }

        stream.IsHeadRequest = headers.Method.SequenceEqual("HEAD"u8);
        if (!headers.TryGet(HeaderId.Upgrade, out ReadOnlySpan<byte> protocol) || !headers.Has(HeaderId.Connection))
        {
            return headers;
        }

        stream.UpgradeProtocol = protocol.ToArray();
        HeaderMap copy = connection.Pool.RewriteMap;
        copy.Clear();
        copy.AddAll(headers);
        copy.Set(HeaderId.Method, "CONNECT"u8);
        copy.Set(HeaderId.Protocol, stream.UpgradeProtocol);
        DropHopByHop(copy);
        return copy;
    }

    private static HeaderMap RewriteResponse(HeaderMap headers, HeaderMap copy)
    {
        copy.Clear();
        copy.AddAll(headers);
        copy.Set(HeaderId.Status, "200"u8);
        DropHopByHop(copy);
        return copy;
    }

    private static void DropHopByHop(HeaderMap headers)
    {
        headers.Remove(HeaderId.Upgrade);
        headers.Remove(HeaderId.Connection);
        if (headers.Get(HeaderId.ContentLength).SequenceEqual("0"u8))
        {
            headers.Remove(HeaderId.ContentLength);
        }
    }
}
