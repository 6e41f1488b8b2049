using Sidecar.Event.Native;
using Sidecar.Network.Connections;

namespace Sidecar.Network.Listeners;

/// <summary>A generation's hold on one of its connections: counts it in and out, closes it at the end of the drain. Thread: the worker.</summary>
internal sealed class DownstreamConnection(WorkerListenerGeneration owner, ConnectionLimit? globalLimit) : ConnectionCallbacks
{
    private Connection? _connection;

    public DownstreamConnection? Next { get; set; }

    public DownstreamConnection? Previous { get; set; }

    public void Start(int fd, Connection connection)
    {
        _connection = connection;
        connection.AddCallbacks(this);
        connection.StartAccepted(fd);
    }

    /// <summary>No filter chain wants it.</summary>
    public void Refuse(int fd)
    {
        _ = Sys.Close(fd);
        Leave(0);
    }

    public void Drain() => _connection?.Drain();

    public void Close() => _connection?.Close(ConnectionCloseType.FlushWrite);

    public override void OnEvent(ConnectionEvent connectionEvent)
    {
        if (connectionEvent != ConnectionEvent.Connected)
        {
            Leave(owner.NowNs - _connection!.Info.StartNs);
        }
    }

    public override void OnAboveWriteBufferHighWatermark()
    {
    }

    public override void OnBelowWriteBufferLowWatermark()
    {
    }

    private void Leave(long lengthNs)
    {
        globalLimit?.Return();
        owner.OnClosed(this, lengthNs);
    }
}
