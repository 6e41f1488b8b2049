using System;

namespace Sidecar.Http.Http1;

/// <summary>The methods that are taken without <c>allow_custom_methods</c>. Stateless; thread: any.</summary>
internal static class Http1Methods
{
    /// <summary>False: not a method of the registry.</summary>
    public static bool TryClassify(ReadOnlySpan<byte> method, out Http1Method kind)
    {
        kind = method.Length switch
        {
            3 when method.SequenceEqual("GET"u8) => Http1Method.Get,
            3 when method.SequenceEqual("PUT"u8) => Http1Method.Put,
            4 when method.SequenceEqual("POST"u8) => Http1Method.Post,
            4 when method.SequenceEqual("HEAD"u8) => Http1Method.Head,
            5 when method.SequenceEqual("PATCH"u8) => Http1Method.Patch,
            5 when method.SequenceEqual("TRACE"u8) => Http1Method.Trace,
            6 when method.SequenceEqual("DELETE"u8) => Http1Method.Delete,
            7 when method.SequenceEqual("OPTIONS"u8) => Http1Method.Options,
            7 when method.SequenceEqual("CONNECT"u8) => Http1Method.Connect,
            _ => Http1Method.Other,
        };
        return kind != Http1Method.Other || IsRegistered(method);
    }

    /// <summary>A request with this method and no body carries no <c>content-length: 0</c> (RFC 9110 section 8.6).</summary>
    public static bool AnticipatesNoBody(Http1Method method) =>
        method is Http1Method.Get or Http1Method.Head or Http1Method.Delete or Http1Method.Trace or Http1Method.Connect or Http1Method.Options;

    /// <summary>WebDAV, calendar, UPnP and the like.</summary>
    private static bool IsRegistered(ReadOnlySpan<byte> method)
    {
        ReadOnlySpan<byte> names =
            " ACL BIND CHECKOUT COPY LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY PROPFIND PROPPATCH PURGE QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE UNBIND UNLINK UNLOCK UNSUBSCRIBE "u8;
        Span<byte> wanted = stackalloc byte[16];
        if (method.Length > wanted.Length - 2)
        {
            return false;
        }

        wanted[0] = (byte)' ';
        method.CopyTo(wanted[1..]);
        wanted[method.Length + 1] = (byte)' ';
        return names.IndexOf(wanted[..(method.Length + 2)]) >= 0;
    }
}
