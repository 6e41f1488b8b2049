using Sidecar.Core.Buffers;
using Sidecar.Network.Connections;

namespace Sidecar.Network.Filters;

/// <summary>What a network filter wants after an event.</summary>
public enum NetworkFilterStatus : byte
{
    /// <summary>Go on with the next filter.</summary>
    Continue = 0,

    /// <summary>
    /// Hold: later filters see neither the connection nor its bytes until this one calls <see cref="Connection.ContinueReading"/>;
    /// meanwhile the connection keeps what arrives, within its buffer limit.
    /// </summary>
    StopIteration,
}

/// <summary>
/// A filter of one connection's read path. Each byte passes each filter once, in order; the last filter (HTTP connection manager,
/// TCP proxy) consumes all it is given. Created by a <see cref="NetworkFilterWorkerState"/> for one connection, which owns it.
/// Thread: the worker.
/// </summary>
public abstract class NetworkFilter
{
    /// <summary>The filter joins its connection; before any other call.</summary>
    public abstract void Attach(Connection connection);

    /// <summary>The connection is established (after the handshake where there is one).</summary>
    public virtual NetworkFilterStatus OnNewConnection() => NetworkFilterStatus.Continue;

    /// <summary>The connection should end when what it is doing is done; one that does nothing closes now.</summary>
    public virtual void OnDrain()
    {
    }

    /// <summary>Bytes arrived, lent for the call; empty only together with <paramref name="endStream"/>, the peer's half-close.</summary>
    public abstract NetworkFilterStatus OnData(in Slice data, bool endStream);
}

/// <summary>
/// What one kind of filter shares on one worker within one filter chain: stats, pools, compiled state. Lives as long as the chain's
/// connections. Thread: its worker.
/// </summary>
public abstract class NetworkFilterWorkerState
{
    /// <summary>The filter of a new connection.</summary>
    public abstract NetworkFilter CreateFilter();
}

/// <summary>A configured filter: immutable, shared by all workers. Thread: any.</summary>
public abstract class NetworkFilterFactory
{
    /// <summary>The extension's name, e.g. <c>envoy.filters.network.http_connection_manager</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Called once a worker and filter chain, on that worker.</summary>
    public abstract NetworkFilterWorkerState CreateWorkerState(FilterChainContext context);
}
