using System.Collections.Generic;
using Sidecar.Network.Addresses;
using Sidecar.Network.Sockets;

namespace Sidecar.Upstream.Clusters;

/// <summary><c>upstream_connection_options.tcp_keepalive</c>; null leaves the system's values. Immutable; thread: any.</summary>
public sealed record TcpKeepaliveSettings
{
    public uint? Probes { get; init; }

    public uint? TimeSeconds { get; init; }

    public uint? IntervalSeconds { get; init; }
}

/// <summary>How a cluster's connections are opened. Immutable; thread: any.</summary>
public sealed record UpstreamConnectionSettings
{
    public static readonly UpstreamConnectionSettings Default = new();

    public long ConnectTimeoutMs { get; init; } = 5000;

    /// <summary>Watermark of a connection's buffers.</summary>
    public int PerConnectionBufferLimitBytes { get; init; } = 1024 * 1024;

    public TcpKeepaliveSettings? TcpKeepalive { get; init; }

    /// <summary><c>upstream_bind_config.source_address</c>; null lets the kernel choose.</summary>
    public Address? SourceAddress { get; init; }

    /// <summary>Options of the bind configuration, set before connecting.</summary>
    public IReadOnlyList<SocketOption> SocketOptions { get; init; } = [];
}
