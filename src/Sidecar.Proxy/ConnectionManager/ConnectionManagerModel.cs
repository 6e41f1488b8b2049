using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Network.Filters;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Filters;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>Which HTTP version a listener speaks.</summary>
public enum CodecType : byte
{
    /// <summary>By ALPN, else by the connection's first bytes.</summary>
    Auto = 0,
    Http1,
    Http2,
}

/// <summary>What becomes of the response's <c>server</c> header.</summary>
public enum ServerHeaderTransformation : byte
{
    Overwrite = 0,
    AppendIfAbsent,
    PassThrough,
}

/// <summary>
/// A configured HTTP connection manager: every default resolved, every list compiled. Immutable, shared by all workers; thread: any.
/// Times are milliseconds, 0 means none unless said otherwise.
/// </summary>
public sealed class ConnectionManagerModel : NetworkFilterFactory
{
    public override string Name => "envoy.filters.network.http_connection_manager";

    public required string StatPrefix { get; init; }

    /// <summary>The instance of <see cref="ConnectionManagerStats.Http"/>.</summary>
    public required StatRange Stats { get; init; }

    /// <summary>The instance of the HTTP/1 codec's table.</summary>
    public required StatRange Http1Stats { get; init; }

    /// <summary>The instance of the HTTP/2 codec's table.</summary>
    public required StatRange Http2Stats { get; init; }

    public CodecType CodecType { get; init; }

    public required Http1Settings Http1 { get; init; }

    public required Http2Settings Http2 { get; init; }

    public required RouteTableSource Routes { get; init; }

    /// <summary>In decode order; the last one is terminal.</summary>
    public required IReadOnlyList<HttpFilterFactory> HttpFilters { get; init; }

    public IReadOnlyList<AccessLogger> AccessLogs { get; init; } = [];

    public byte[] ServerName { get; init; } = "envoy"u8.ToArray();

    public ServerHeaderTransformation ServerHeaderTransformation { get; init; }

    /// <summary>Appended to <c>via</c>; empty means none.</summary>
    public byte[] Via { get; init; } = [];

    /// <summary>The peer is the client (edge) rather than another proxy (internal).</summary>
    public bool UseRemoteAddress { get; init; }

    public uint XffNumTrustedHops { get; init; }

    public bool SkipXffAppend { get; init; }

    public bool AppendXForwardedPort { get; init; }

    public bool GenerateRequestId { get; init; } = true;

    public bool PreserveExternalRequestId { get; init; }

    public bool AlwaysSetRequestIdInResponse { get; init; }

    /// <summary>Set to <c>x-envoy-downstream-service-cluster</c> and <c>user-agent</c> (<c>add_user_agent</c>); empty means not.</summary>
    public byte[] UserAgent { get; init; } = [];

    public bool Proxy100Continue { get; init; }

    public bool StripAnyHostPort { get; init; }

    /// <summary>The listener's port, stripped from <c>:authority</c> when it matches; 0 means not.</summary>
    public int StripMatchingHostPort { get; init; }

    public long IdleTimeoutMs { get; init; } = 3_600_000;

    public long StreamIdleTimeoutMs { get; init; } = 300_000;

    public long RequestTimeoutMs { get; init; }

    public long RequestHeadersTimeoutMs { get; init; }

    public long MaxStreamDurationMs { get; init; }

    public long MaxConnectionDurationMs { get; init; }

    public long DrainTimeoutMs { get; init; } = 5000;

    public long DelayedCloseTimeoutMs { get; init; } = 1000;

    /// <summary>0 means no limit.</summary>
    public uint MaxRequestsPerConnection { get; init; }

    /// <summary>Bytes that filters may hold of one message.</summary>
    public int BufferLimitBytes { get; init; } = 1024 * 1024;

    /// <summary>Upgrades that are let through, lower case (<c>websocket</c>).</summary>
    public IReadOnlyList<byte[]> UpgradeTypes { get; init; } = [];

    public override NetworkFilterWorkerState CreateWorkerState(FilterChainContext context) =>
        new ConnectionManagerWorkerState(this, context);

    /// <summary>Whether an <c>upgrade</c> value is among <see cref="UpgradeTypes"/>.</summary>
    internal bool AllowsUpgrade(ReadOnlySpan<byte> upgrade)
    {
        foreach (byte[] type in UpgradeTypes)
        {
            if (Ascii.EqualsIgnoreCase(type, upgrade))
            {
                return true;
            }
        }

        return false;
    }
}
