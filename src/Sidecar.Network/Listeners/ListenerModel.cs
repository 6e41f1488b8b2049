using System.Collections.Generic;
using Sidecar.Network.Addresses;
using Sidecar.Network.Sockets;

namespace Sidecar.Network.Listeners;

/// <summary>Which way a listener's traffic goes, for tracing and access logs.</summary>
public enum TrafficDirection : byte
{
    Unspecified = 0,
    Inbound,
    Outbound,
}

/// <summary>When a listener's connections are drained.</summary>
public enum DrainType : byte
{
    /// <summary>Also when health checks are failed by the admin.</summary>
    Default = 0,

    /// <summary>Only when the listener is changed or removed.</summary>
    ModifyOnly,
}

/// <summary>A listener as the workers use it. Immutable; thread: any.</summary>
public sealed class ListenerModel
{
    public required string Name { get; init; }

    public required Address Address { get; init; }

    /// <summary>Prefix of its stats when configured, else its address.</summary>
    public string StatPrefix { get; init; } = string.Empty;

    public required IReadOnlyList<FilterChainModel> FilterChains { get; init; }

    /// <summary>For connections that no filter chain matches.</summary>
    public FilterChainModel? DefaultFilterChain { get; init; }

    /// <summary>One socket a worker; off, all workers share one.</summary>
    public bool ReusePort { get; init; } = true;

    /// <summary>Bytes a connection may buffer in each direction.</summary>
    public int PerConnectionBufferLimitBytes { get; init; } = 1024 * 1024;

    /// <summary>The kernel's queue of connections not yet accepted.</summary>
    public int TcpBacklogSize { get; init; } = 4096;

    /// <summary>Connections accepted in one event; 0 means as many as there are, within the dispatcher's batch.</summary>
    public int MaxConnectionsToAcceptPerSocketEvent { get; init; }

    /// <summary>Connections this listener may have over all workers; 0 means no limit.</summary>
    public long MaxConnections { get; init; }

    /// <summary>Whether it is exempt from the process-wide limit (admin, probes).</summary>
    public bool IgnoreGlobalConnectionLimit { get; init; }

    public TrafficDirection TrafficDirection { get; init; }

    public DrainType DrainType { get; init; }

    /// <summary>Options set on its sockets, in order.</summary>
    public IReadOnlyList<SocketOption> SocketOptions { get; init; } = [];

    /// <summary>Version of the resource, for the admin.</summary>
    public string VersionInfo { get; init; } = string.Empty;
}
