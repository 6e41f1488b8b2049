using System;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>What becomes of a field that framing, routing or the connection depends on.</summary>
internal enum Http1FieldVerdict : byte
{
    Keep = 0,

    /// <summary>Host of a request: kept under the name <c>:authority</c>.</summary>
    KeepAsAuthority,

    Drop,

    Broken,
}

/// <summary>The fields that say how a message is to be read: checked while they are parsed, their meaning noted in the head. Stateless; thread: any.</summary>
internal static class Http1FieldRules
{
    private const ulong Concerned = 1UL << (int)HeaderId.Host | 1UL << (int)HeaderId.ContentLength | 1UL << (int)HeaderId.TransferEncoding
        | 1UL << (int)HeaderId.Connection | 1UL << (int)HeaderId.Upgrade | 1UL << (int)HeaderId.Te | 1UL << (int)HeaderId.Trailer;

    /// <summary>Whether there is a rule for a field; also the list of those that may not stand in trailers.</summary>
    public static bool Concern(HeaderId id) => id < (HeaderId)64 && (Concerned >> (int)id) % 2 != 0;

    public static Http1FieldVerdict Apply(HeaderId id, ReadOnlySpan<byte> value, ref Http1Head head, Http1Errors errors, out ErrorDetail? error)
    {
        error = null;
        switch (id)
        {
            case HeaderId.Host when errors == Http1Errors.Request:
                error = OfHost(value, ref head, errors);
                return error is not null ? Http1FieldVerdict.Broken
                    : head.Has(Http1HeadFlags.TargetHasAuthority) ? Http1FieldVerdict.Drop
                    : Http1FieldVerdict.KeepAsAuthority;

            case HeaderId.ContentLength:
                bool isRepeated = head.ContentLength >= 0;
                error = OfContentLength(value, ref head, errors);
                return error is not null ? Http1FieldVerdict.Broken : isRepeated ? Http1FieldVerdict.Drop : Http1FieldVerdict.Keep;

            case HeaderId.TransferEncoding:
                error = OfTransferEncoding(value, ref head, errors);
                break;

            case HeaderId.Connection:
                error = OfConnection(value, ref head, errors);
                break;

            case HeaderId.Upgrade:
                head.Flags |= Http1HeadFlags.HasUpgrade;
                break;

            default:
                break;
        }

        return error is null ? Http1FieldVerdict.Keep : Http1FieldVerdict.Broken;
    }

    /// <summary>RFC 9112 section 3.2: more than one Host, or an invalid one, is answered with 400.</summary>
    private static ErrorDetail? OfHost(ReadOnlySpan<byte> value, ref Http1Head head, Http1Errors errors)
    {
        if (head.Has(Http1HeadFlags.HasHost))
        {
            return errors.Codec;
        }

        head.Flags |= Http1HeadFlags.HasHost;
        if (value.IsEmpty)
        {
            return head.Has(Http1HeadFlags.TargetHasAuthority) ? null : errors.MissingHost;
        }

        return Http1Scan.IsHostAndPort(value) ? null : errors.InvalidUrl;
    }

    /// <summary>RFC 9112 section 6.3: digits only; repeated only with the same value.</summary>
    private static ErrorDetail? OfContentLength(ReadOnlySpan<byte> value, ref Http1Head head, Http1Errors errors)
    {
        // 18 digits stay below 2^63, so there is no overflow to check for.
        if (value.IsEmpty || value.Length > 18)
        {
            return errors.Codec;
        }

        long length = 0;
        foreach (byte digit in value)
        {
            uint d = (uint)digit - '0';
            if (d > 9)
            {
                return errors.Codec;
            }

            length = (length * 10) + d;
        }

        if (head.ContentLength >= 0 && head.ContentLength != length)
        {
            return errors.Codec;
        }

        head.ContentLength = length;
        return null;
    }

    /// <summary>The only coding is chunked, once: whatever else two parsers could read differently.</summary>
    private static ErrorDetail? OfTransferEncoding(ReadOnlySpan<byte> value, ref Http1Head head, Http1Errors errors)
    {
        if (head.Has(Http1HeadFlags.Chunked) || !Http1Scan.EqualsIgnoreCase(value, "chunked"u8))
        {
            return errors.InvalidTransferEncoding;
        }

        head.Flags |= Http1HeadFlags.Chunked;
        return null;
    }

    private static ErrorDetail? OfConnection(ReadOnlySpan<byte> value, ref Http1Head head, Http1Errors errors)
    {
        ReadOnlySpan<byte> rest = value;
        while (!rest.IsEmpty)
        {
            int comma = rest.IndexOf((byte)',');
            ReadOnlySpan<byte> token = (comma < 0 ? rest : rest[..comma]).Trim(" \t"u8);
            rest = comma < 0 ? default : rest[(comma + 1)..];
            foreach (byte b in token)
            {
                if (!Http1Scan.IsToken(b))
                {
                    return errors.ConnectionHeaderRejected;
                }
            }

            if (Http1Scan.EqualsIgnoreCase(token, "close"u8))
            {
                head.Flags |= Http1HeadFlags.Close;
            }
            else if (Http1Scan.EqualsIgnoreCase(token, "keep-alive"u8))
            {
                head.Flags |= Http1HeadFlags.KeepAlive;
            }
            else if (Http1Scan.EqualsIgnoreCase(token, "upgrade"u8))
            {
                head.Flags |= Http1HeadFlags.ConnectionUpgrade;
            }
        }

        return null;
    }
}
