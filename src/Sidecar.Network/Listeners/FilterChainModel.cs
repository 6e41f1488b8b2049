using System.Collections.Generic;
using Sidecar.Network.Filters;
using Sidecar.Network.TransportSockets;

namespace Sidecar.Network.Listeners;

/// <summary>One filter chain of a listener. Immutable; thread: any.</summary>
public sealed class FilterChainModel
{
    /// <summary>Empty when it has none.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>In order; the last one is terminal.</summary>
    public required IReadOnlyList<NetworkFilterFactory> Filters { get; init; }

    public TransportSocketFactory TransportSocket { get; init; } = RawBufferSocketFactory.Instance;

    /// <summary>How long the transport handshake may take, milliseconds; 0 means no limit.</summary>
    public long TransportSocketConnectTimeoutMs { get; init; }
}
