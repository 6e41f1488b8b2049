using Sidecar.Http.Headers;

namespace Sidecar.Http.Http2.Hpack;

/// <summary>How the encoder writes the fields of one name.</summary>
internal enum IndexingMode : byte
{
    /// <summary>Into the dynamic table: most values come again.</summary>
    Index = 0,

    /// <summary>Each value comes once; it would only push others out.</summary>
    WithoutIndexing,

    /// <summary>Secret: must not be indexed here or by anyone further on (RFC 7541 section 7.1.3).</summary>
    NeverIndexed,

    /// <summary>Secret when short, since a short value can be guessed against the table; else worth indexing.</summary>
    NeverIndexedWhenShort,

    /// <summary>Not a field of HTTP/2 (RFC 9113 section 8.2.2).</summary>
    Drop,

    /// <summary>Written before all others.</summary>
    Pseudo,
}

/// <summary>The mode by name; names without an id are indexed. Immutable; thread: any.</summary>
internal static class EncodingPolicy
{
    /// <summary>Cookies below this many bytes are never indexed.</summary>
    public const int ShortSecretBytes = 20;

    private static readonly IndexingMode[] s_modes = Build();

    public static IndexingMode For(HeaderId id) => s_modes[(int)id];

    private static IndexingMode[] Build()
    {
        var modes = new IndexingMode[(int)HeaderId.Count];
        for (HeaderId id = HeaderId.Authority; id <= HeaderId.Protocol; id++)
        {
            modes[(int)id] = IndexingMode.Pseudo;
        }

        modes[(int)HeaderId.Authorization] = IndexingMode.NeverIndexed;
        modes[(int)HeaderId.ProxyAuthorization] = IndexingMode.NeverIndexed;
        modes[(int)HeaderId.Cookie] = IndexingMode.NeverIndexedWhenShort;
        foreach (HeaderId id in (HeaderId[])[
            HeaderId.ContentLength, HeaderId.Etag, HeaderId.Location, HeaderId.SetCookie, HeaderId.Traceparent, HeaderId.XB3TraceId,
            HeaderId.XClientTraceId, HeaderId.XEnvoyExpectedRqTimeoutMs, HeaderId.XEnvoyOriginalPath, HeaderId.XEnvoyUpstreamServiceTime,
            HeaderId.XRequestId, HeaderId.GrpcMessage, HeaderId.GrpcStatusDetailsBin, HeaderId.GrpcTimeout])
        {
            modes[(int)id] = IndexingMode.WithoutIndexing;
        }

        foreach (HeaderId id in (HeaderId[])[
            HeaderId.Connection, HeaderId.KeepAlive, HeaderId.ProxyConnection, HeaderId.TransferEncoding, HeaderId.Upgrade,
            HeaderId.Http2Settings])
        {
            modes[(int)id] = IndexingMode.Drop;
        }

        return modes;
    }
}
