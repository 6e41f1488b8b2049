using Sidecar.Core.Buffers;

namespace Sidecar.Network.Connections;

/// <summary>
/// Where a connection's bytes go: a <see cref="Filters.FilterChainReader"/> downstream, a pooled connection's codec upstream.
/// Thread: the worker.
/// </summary>
public abstract class ReadPath
{
    /// <summary>The connection is established.</summary>
    public virtual void Begin(Connection connection)
    {
    }

    /// <summary>Bytes arrived, lent for the call.</summary>
    public abstract void OnData(Connection connection, in Slice data);

    /// <summary>The peer has sent its FIN; only where half-close is enabled.</summary>
    public abstract void OnEnd(Connection connection);

    /// <summary>A filter that had stopped goes on.</summary>
    public virtual void Continue(Connection connection)
    {
    }

    /// <summary>The connection should end when what it is doing is done.</summary>
    public virtual void OnDrain()
    {
    }

    /// <summary>The connection is gone: drop what is held. Before the close event.</summary>
    public virtual void OnClosed()
    {
    }
}
