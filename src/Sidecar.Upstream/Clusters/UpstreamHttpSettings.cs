namespace Sidecar.Upstream.Clusters;

/// <summary>Which HTTP version the cluster's hosts are spoken to in.</summary>
public enum UpstreamHttpVersion : byte
{
    /// <summary><c>explicit_http_config.http_protocol_options</c>, and the default.</summary>
    Http1 = 0,

    /// <summary><c>explicit_http_config.http2_protocol_options</c>.</summary>
    Http2,

    /// <summary><c>use_downstream_protocol_config</c>: the version of the request.</summary>
    UseDownstream,

    /// <summary><c>auto_config</c>: what ALPN negotiates; HTTP/1 without it.</summary>
    Auto,
}

/// <summary>
/// <c>common_http_protocol_options</c> of a cluster, for all HTTP versions. Immutable; thread: any. Times are milliseconds, 0 means none.
/// </summary>
public sealed record CommonHttpSettings
{
    public static readonly CommonHttpSettings Default = new();

    /// <summary>A connection without requests is closed after so long.</summary>
    public long IdleTimeoutMs { get; init; } = 3_600_000;

    /// <summary>A connection takes no new requests after so long.</summary>
    public long MaxConnectionDurationMs { get; init; }

    /// <summary>Bounds a stream, whatever the route says.</summary>
    public long MaxStreamDurationMs { get; init; }

    /// <summary>Requests a connection may serve; 0 means no limit.</summary>
    public uint MaxRequestsPerConnection { get; init; }

    /// <summary>As configured; the codecs' settings are made from it.</summary>
    public uint MaxResponseHeadersCount { get; init; } = 100;
}
