using Sidecar.Network.Addresses;

namespace Sidecar.Network.Connections;

/// <summary>
/// What is known of a connection's ends; the address properties of Envoy's connection info. Filled by listener and listener filters
/// before the filter chain is chosen, then read-only. Thread: the worker.
/// </summary>
public sealed class ConnectionInfo
{
    /// <summary>Unique within the process.</summary>
    public ulong ConnectionId { get; init; }

    /// <summary>The address the peer connected to; the original destination after redirection.</summary>
    public required Address LocalAddress { get; set; }

    /// <summary>The peer, possibly as told by a proxy in between.</summary>
    public required Address RemoteAddress { get; set; }

    /// <summary>The peer of the socket itself.</summary>
    public required Address DirectRemoteAddress { get; init; }

    /// <summary>SNI, empty when there is none.</summary>
    public string RequestedServerName { get; set; } = string.Empty;

    /// <summary>Name of the filter chain; empty when it has none.</summary>
    public string FilterChainName { get; set; } = string.Empty;

    /// <summary>Monotonic nanoseconds of accept or connect.</summary>
    public long StartNs { get; init; }
}
