using System;
using System.Buffers;
using System.Text;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network;
using Sidecar.Network.Addresses;
using Sidecar.Network.Connections;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// What the connection manager does to a request's headers before the filters see them: hop-by-hop headers, the client's address,
/// <c>x-forwarded-*</c>, <c>x-envoy-internal</c>, request id, via. Stateless; thread: any worker.
/// </summary>
internal static class RequestHeaderRules
{
    private const int UuidLength = 36;

    /// <summary>Applies the rules; returns the client's address as far as it can be trusted.</summary>
    public static Address Apply(HeaderMap headers, ConnectionManagerModel model, ConnectionInfo info, bool isSecure, HttpProtocol protocol, Worker worker)
    {
        RemoveHopByHop(headers, model, protocol);
        // Envoy's default, SANITIZE; without mutual TLS the other accepted modes drop it as well. Nobody may claim a certificate by header.
        headers.Remove(HeaderId.XForwardedClientCert);
        StripPort(headers, model);
        bool edge = model.UseRemoteAddress;
        Address client = ClientAddress(headers, model, info, out bool internalRequest);
        SetForwardedProto(headers, edge, isSecure);
        if (edge && !internalRequest)
        {
            RemoveInternalHeaders(headers);
        }

        if (edge)
        {
            SetInternal(headers, internalRequest, client);
        }

        if (model.UserAgent.Length > 0)
        {
            headers.Set(HeaderId.XEnvoyDownstreamServiceCluster, model.UserAgent);
            if (headers.Get(HeaderId.UserAgent).IsEmpty)
            {
                headers.Set(HeaderId.UserAgent, model.UserAgent);
            }
        }

        SetRequestId(headers, model, edge && !internalRequest, worker);
        if (model.Via.Length > 0)
        {
            headers.AppendValue(HeaderId.Via, model.Via, ", "u8);
        }

        return client;
    }

    /// <summary>True when the request asks for an upgrade that this connection manager lets through.</summary>
    public static bool IsUpgrade(HeaderMap headers, ConnectionManagerModel model) =>
        headers.TryGet(HeaderId.Upgrade, out ReadOnlySpan<byte> upgrade)
        && HasToken(headers.Get(HeaderId.Connection), "upgrade"u8)
        && model.AllowsUpgrade(upgrade);

    /// <summary>Whether a comma-separated list has a token, in any case.</summary>
    public static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> lowerCaseToken)
    {
        while (!list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> token = comma < 0 ? list : list[..comma];
            if (Ascii.EqualsIgnoreCase(token.Trim((byte)' '), lowerCaseToken))
            {
                return true;
            }

            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return false;
    }

    private static void RemoveHopByHop(HeaderMap headers, ConnectionManagerModel model, HttpProtocol protocol)
    {
        if (protocol != HttpProtocol.Http2)
        {
            if (!headers.Has(HeaderId.Upgrade) || !IsUpgrade(headers, model))
            {
                RemoveConnectionNominated(headers);
                headers.Remove(HeaderId.Connection);
                headers.Remove(HeaderId.Upgrade);
            }

            headers.Remove(HeaderId.KeepAlive);
            headers.Remove(HeaderId.ProxyConnection);
            headers.Remove(HeaderId.TransferEncoding);
        }

        // RFC 9110 section 10.1.4: te is hop-by-hop; only its value "trailers" means something to the next hop as well.
        if (headers.TryGet(HeaderId.Te, out ReadOnlySpan<byte> te))
        {
            if (HasToken(te, "trailers"u8))
            {
                headers.Set(HeaderId.Te, "trailers"u8);
            }
            else
            {
                headers.Remove(HeaderId.Te);
            }
        }
    }

    /// <summary>RFC 9110 section 7.6.1: headers that <c>connection</c> names end here; the ones that carry meaning across hops do not.</summary>
    private static void RemoveConnectionNominated(HeaderMap headers)
    {
        ReadOnlySpan<byte> list = headers.Get(HeaderId.Connection);
        if (list.IsEmpty || Ascii.EqualsIgnoreCase(list, "keep-alive"u8) || Ascii.EqualsIgnoreCase(list, "close"u8))
        {
            return;
        }

        Span<byte> name = stackalloc byte[64];
        while (!list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> token = (comma < 0 ? list : list[..comma]).Trim((byte)' ');
            list = comma < 0 ? default : list[(comma + 1)..];
            if (token.Length is 0 or > 64 || Ascii.ToLower(token, name, out int length) != OperationStatus.Done)
            {
                continue;
            }

            ReadOnlySpan<byte> lower = name[..length];
            HeaderId id = HeaderNames.Find(lower);
            if (id is HeaderId.None or HeaderId.KeepAlive)
            {
                headers.Remove(lower);
            }
        }
    }

    private static void StripPort(HeaderMap headers, ConnectionManagerModel model)
    {
        if (!model.StripAnyHostPort && model.StripMatchingHostPort == 0)
        {
            return;
        }

        ReadOnlySpan<byte> authority = headers.Authority;
        int colon = authority.LastIndexOf((byte)':');
        if (colon <= 0 || authority[(colon + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0 || authority[^1] == ':')
        {
            return;
        }

        bool matches = System.Buffers.Text.Utf8Parser.TryParse(authority[(colon + 1)..], out int port, out _) && port == model.StripMatchingHostPort;
        if (model.StripAnyHostPort || matches)
        {
            headers.Set(HeaderId.Authority, authority[..colon]);
        }
    }

    /// <summary>The client's address by Envoy's rules, and whether the request counts as internal; appends to <c>x-forwarded-for</c>.</summary>
    private static Address ClientAddress(HeaderMap headers, ConnectionManagerModel model, ConnectionInfo info, out bool internalRequest)
    {
        Address direct = info.RemoteAddress;
        Address client = direct;
        bool hadXff = headers.TryGet(HeaderId.XForwardedFor, out ReadOnlySpan<byte> xff);
        if (model.UseRemoteAddress)
        {
            if (model.XffNumTrustedHops > 0 && TryFromForwardedFor(xff, model.XffNumTrustedHops - 1, out Address? trusted))
            {
                client = trusted!;
            }

            internalRequest = !hadXff && direct.IsInternal;
            if (!model.SkipXffAppend)
            {
                headers.AppendValue(HeaderId.XForwardedFor, direct.IpText, ","u8);
            }

            return client;
        }

        bool single = hadXff && xff.IndexOf((byte)',') < 0;
        if (TryFromForwardedFor(xff, model.XffNumTrustedHops, out Address? forwarded))
        {
            client = forwarded!;
        }

        internalRequest = single && client.IsInternal && !ReferenceEquals(client, direct);
        return client;
    }

    /// <summary>The address <paramref name="fromRight"/> places from the right end of the list.</summary>
    private static bool TryFromForwardedFor(ReadOnlySpan<byte> list, uint fromRight, out Address? address)
    {
        address = null;
        for (uint i = 0; !list.IsEmpty; i++)
        {
            int comma = list.LastIndexOf((byte)',');
            if (i == fromRight)
            {
                ReadOnlySpan<byte> text = list[(comma + 1)..].Trim((byte)' ');
                Span<char> chars = stackalloc char[64];
                return text.Length is > 0 and <= 64
                    && Ascii.ToUtf16(text, chars, out int written) == OperationStatus.Done
                    && Address.TryParseIp(chars[..written], 0, out address);
            }

            list = comma < 0 ? default : list[..comma];
        }

        return false;
    }

    private static void SetForwardedProto(HeaderMap headers, bool edge, bool isSecure)
    {
        ReadOnlySpan<byte> own = isSecure ? "https"u8 : "http"u8;
        ReadOnlySpan<byte> told = headers.Get(HeaderId.XForwardedProto);
        if (edge || !(told.SequenceEqual("http"u8) || told.SequenceEqual("https"u8)))
        {
            headers.Set(HeaderId.XForwardedProto, own);
        }

        headers.Set(HeaderId.Scheme, headers.Get(HeaderId.XForwardedProto));
    }

    /// <summary>What only the mesh itself may say (Envoy's list of internal headers): an outside client's are dropped.</summary>
    private static void RemoveInternalHeaders(HeaderMap headers)
    {
        headers.Remove(HeaderId.XEnvoyDownstreamServiceCluster);
        headers.Remove(HeaderId.XEnvoyDownstreamServiceNode);
        headers.Remove(HeaderId.XEnvoyRetryOn);
        headers.Remove(HeaderId.XEnvoyRetryGrpcOn);
        headers.Remove(HeaderId.XEnvoyMaxRetries);
        headers.Remove(HeaderId.XEnvoyUpstreamAltStatName);
        headers.Remove(HeaderId.XEnvoyUpstreamRqTimeoutMs);
        headers.Remove(HeaderId.XEnvoyUpstreamRqPerTryTimeoutMs);
        headers.Remove(HeaderId.XEnvoyUpstreamRqTimeoutAltResponse);
        headers.Remove(HeaderId.XEnvoyExpectedRqTimeoutMs);
        headers.Remove(HeaderId.XEnvoyForceTrace);
        headers.Remove(HeaderId.XEnvoyIpTags);
        headers.Remove(HeaderId.XEnvoyOriginalPath);
        headers.Remove(HeaderId.XEnvoyHedgeOnPerTryTimeout);
        headers.Remove(HeaderId.XEnvoyRetriableStatusCodes);
        headers.Remove(HeaderId.XEnvoyRetriableHeaderNames);
        headers.Remove(HeaderId.XEnvoyDecoratorOperation);
        headers.Remove(HeaderId.XEnvoyIsTimeoutRetry);
    }

    private static void SetInternal(HeaderMap headers, bool internalRequest, Address client)
    {
        if (internalRequest)
        {
            headers.Set(HeaderId.XEnvoyInternal, "true"u8);
            return;
        }

        headers.Remove(HeaderId.XEnvoyInternal);
        headers.Set(HeaderId.XEnvoyExternalAddress, client.IpText);
    }

    private static void SetRequestId(HeaderMap headers, ConnectionManagerModel model, bool external, Worker worker)
    {
        if (!model.GenerateRequestId)
        {
            return;
        }

        if (headers.Has(HeaderId.XRequestId))
        {
            if (!external || model.PreserveExternalRequestId)
            {
                return;
            }

            headers.Remove(HeaderId.XRequestId);
        }

        WriteUuid(headers.AddUninitialized(HeaderId.XRequestId, UuidLength), worker.NextRandom(), worker.NextRandom());
    }

    /// <summary>A version 4 UUID (RFC 9562 section 5.4): 122 random bits; it names a request, it guards nothing.</summary>
    private static void WriteUuid(Span<byte> destination, ulong high, ulong low)
    {
        high = (high & 0xFFFFFFFFFFFF0FFFUL) | 0x4000UL;
        low = (low & 0x3FFFFFFFFFFFFFFFUL) | 0x8000000000000000UL;
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        int position = 0;
        for (int nibble = 0; nibble < 32; nibble++)
        {
            if (nibble is 8 or 12 or 16 or 20)
            {
                destination[position++] = (byte)'-';
            }

            ulong half = nibble < 16 ? high : low;
            destination[position++] = digits[(int)(half >> (60 - (nibble % 16 * 4))) & 15];
        }
    }
}
