using System;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>The forms of RFC 9112 section 3.2 besides the origin form.</summary>
internal enum Http1TargetForm : byte
{
    Invalid = 0,
    Absolute,
    Authority,
    Asterisk,
}

/// <summary>Takes apart request targets that don't begin with a slash. Stateless; thread: any.</summary>
internal static class Http1Target
{
    /// <summary>Adds the pseudo headers that the target stands for.</summary>
    public static Http1TargetForm Store(ReadOnlySpan<byte> target, Http1Method method, Http1Settings settings, HeaderMap map)
    {
        ReadOnlySpan<byte> scheme = settings.IsTls ? "https"u8 : "http"u8;
        if (method == Http1Method.Connect)
        {
            // RFC 9112 section 3.2.3: host and port, both; the request has neither scheme nor path.
            if (!Http1Scan.IsHostAndPort(target) || !HasPort(target))
            {
                return Http1TargetForm.Invalid;
            }

            map.Add(HeaderId.Authority, target);
            return Http1TargetForm.Authority;
        }

        if (target is [(byte)'*'])
        {
            if (method != Http1Method.Options)
            {
                return Http1TargetForm.Invalid;
            }

            map.Add(HeaderId.Path, target);
            map.Add(HeaderId.Scheme, scheme);
            return Http1TargetForm.Asterisk;
        }

        return settings.AllowAbsoluteUrl ? StoreAbsolute(target, method, map) : Http1TargetForm.Invalid;
    }

    private static Http1TargetForm StoreAbsolute(ReadOnlySpan<byte> target, Http1Method method, HeaderMap map)
    {
        int colon = target.IndexOf("://"u8);
        if (colon < 0)
        {
            return Http1TargetForm.Invalid;
        }

        ReadOnlySpan<byte> scheme = target[..colon];
        bool isHttp = Http1Scan.EqualsIgnoreCase(scheme, "http"u8);
        if (!isHttp && !Http1Scan.EqualsIgnoreCase(scheme, "https"u8))
        {
            return Http1TargetForm.Invalid;
        }

        ReadOnlySpan<byte> rest = target[(colon + 3)..];
        int end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        ReadOnlySpan<byte> authority = end < 0 ? rest : rest[..end];
        if (!Http1Scan.IsHostAndPort(authority))
        {
            return Http1TargetForm.Invalid;
        }

        map.Add(HeaderId.Authority, authority);
        StorePath(end < 0 ? default : rest[end..], method, map);
        map.Add(HeaderId.Scheme, isHttp ? "http"u8 : "https"u8);
        return Http1TargetForm.Absolute;
    }

    private static void StorePath(ReadOnlySpan<byte> path, Http1Method method, HeaderMap map)
    {
        if (path.IsEmpty)
        {
            // RFC 9112 section 3.2.4: OPTIONS without a path asks the server as a whole.
            map.Add(HeaderId.Path, method == Http1Method.Options ? "*"u8 : "/"u8);
            return;
        }

        if (path[0] == '/')
        {
            map.Add(HeaderId.Path, path);
            return;
        }

        Span<byte> room = map.AddUninitialized(HeaderId.Path, path.Length + 1);
        room[0] = (byte)'/';
        path.CopyTo(room[1..]);
    }

    private static bool HasPort(ReadOnlySpan<byte> authority)
    {
        int colon = authority.LastIndexOf((byte)':');
        return colon >= 0 && colon > authority.LastIndexOf((byte)']') && colon < authority.Length - 1;
    }
}
