using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>How a message's body ends.</summary>
internal enum Http1BodyKind : byte
{
    None = 0,
    Length,
    Chunked,
    UntilClose,

    /// <summary>After CONNECT or an upgrade: raw bytes to the end of the connection.</summary>
    Tunnel,
}

/// <summary>RFC 9112 section 6.3, once for requests and once for responses. Stateless; thread: any.</summary>
internal static class Http1Framing
{
    /// <summary>The body of a request; null: <paramref name="kind"/> holds, else why the request is refused.</summary>
    public static ErrorDetail? OfRequest(ref Http1Head head, HeaderMap map, Http1Settings settings, out Http1BodyKind kind)
    {
        kind = Http1BodyKind.None;
        Http1Errors errors = Http1Errors.Request;
        bool isChunked = head.Has(Http1HeadFlags.Chunked);
        if (head.Method == Http1Method.Connect)
        {
            if (isChunked)
            {
                return errors.TransferEncodingNotAllowed;
            }

            if (head.ContentLength > 0)
            {
                return errors.ContentLengthNotAllowed;
            }

            map.Remove(HeaderId.ContentLength);
            kind = Http1BodyKind.Tunnel;
            return null;
        }

        if (isChunked && CheckChunked(ref head, map, settings, errors) is { } error)
        {
            return error;
        }

        if (isChunked || head.ContentLength > 0)
        {
            kind = isChunked ? Http1BodyKind.Chunked : Http1BodyKind.Length;
        }

        if (head.IsUpgrade)
        {
            // A request with a body could switch protocols only after it; nobody does that, and a server may ignore an upgrade.
            if (kind != Http1BodyKind.None || IsIgnored(map.Get(HeaderId.Upgrade), settings))
            {
                map.Remove(HeaderId.Upgrade);
                map.Remove(HeaderId.Http2Settings);
                map.Remove(HeaderId.Connection);
                head.Flags &= ~Http1HeadFlags.HasUpgrade;
            }
            else
            {
                kind = Http1BodyKind.Tunnel;
            }
        }

        return null;
    }

    /// <summary>The body of a final response, or of 101, to a request.</summary>
    public static ErrorDetail? OfResponse(
        ref Http1Head head, HeaderMap map, Http1Settings settings, Http1Method method, bool isUpgradeRequest, out Http1BodyKind kind)
    {
        kind = Http1BodyKind.None;
        Http1Errors errors = Http1Errors.Response;
        bool isChunked = head.Has(Http1HeadFlags.Chunked);
        if (head.Status == 101)
        {
            if (!isUpgradeRequest)
            {
                return errors.Codec;
            }

            map.Remove(HeaderId.ContentLength);
            kind = Http1BodyKind.Tunnel;
            return isChunked ? errors.TransferEncodingNotAllowed : null;
        }

        if (head.Status == 204 || (method == Http1Method.Connect && head.Status / 100 == 2))
        {
            if (isChunked)
            {
                return errors.TransferEncodingNotAllowed;
            }

            if (head.ContentLength > 0)
            {
                return errors.ContentLengthNotAllowed;
            }

            map.Remove(HeaderId.ContentLength);
            kind = method == Http1Method.Connect ? Http1BodyKind.Tunnel : Http1BodyKind.None;
            return null;
        }

        if (isChunked && CheckChunked(ref head, map, settings, errors) is { } error)
        {
            return error;
        }

        if (method != Http1Method.Head && head.Status != 304)
        {
            kind = isChunked ? Http1BodyKind.Chunked
                : head.ContentLength < 0 ? Http1BodyKind.UntilClose
                : head.ContentLength > 0 ? Http1BodyKind.Length
                : Http1BodyKind.None;
        }

        return null;
    }

    private static ErrorDetail? CheckChunked(ref Http1Head head, HeaderMap map, Http1Settings settings, Http1Errors errors)
    {
        // RFC 9112 section 6.1: a sender of HTTP/1.0 doesn't know the coding; its framing must be taken for broken.
        if (head.Protocol != HttpProtocol.Http11)
        {
            return errors.TransferEncodingNotAllowed;
        }

        if (head.ContentLength >= 0)
        {
            if (!settings.AllowChunkedLength)
            {
                return errors.ContentLengthAndChunked;
            }

            map.Remove(HeaderId.ContentLength);
            head.ContentLength = -1;
        }

        return null;
    }

    private static bool IsIgnored(System.ReadOnlySpan<byte> upgrade, Http1Settings settings) =>
        Http1Scan.EqualsIgnoreCase(upgrade, "h2c"u8) || settings.IgnoreUpgrades?.Matches(upgrade) == true;
}
