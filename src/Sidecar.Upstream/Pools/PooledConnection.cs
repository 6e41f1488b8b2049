using System.Diagnostics;
using Sidecar.Core;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Event.Native;
using Sidecar.Http.Codec;
using Sidecar.Network.Addresses;
using Sidecar.Network.Connections;
using Sidecar.Network.Sockets;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Pools;

/// <summary>Which of its pool's lists a connection is on.</summary>
internal enum PooledConnectionState : byte
{
    None = 0,
    Connecting,

    /// <summary>Has room for a stream.</summary>
    Ready,

    /// <summary>Full.</summary>
    Busy,

    /// <summary>Takes no more streams.</summary>
    Draining,
    Closed,
}

/// <summary>One upstream connection of a pool with its codec. Thread: its worker.</summary>
public sealed class PooledConnection : ReadPath
{
    private readonly ConnectionPool _pool;
    private readonly CodecOwner _owner;
    private readonly Transport _transport;
    private readonly PooledConnectionDeadlines _deadlines;
    private Connection? _connection;
    private ClientCodec? _codec;
    private PoolFailureReason _failure;
    private uint _streamsLeft;
    private bool _timedOut;
    private bool _endedByPeer;
    private int _activeAtEnd;

    internal PooledConnection(ConnectionPool pool)
    {
        _pool = pool;
        _owner = new CodecOwner(this);
        _transport = new Transport(this);
        _deadlines = new PooledConnectionDeadlines(this, Settings.Worker.Dispatcher, Settings.Cluster);
        uint limit = Settings.Cluster.CommonHttp.MaxRequestsPerConnection;
        _streamsLeft = limit == 0 ? uint.MaxValue : limit;
        State = PooledConnectionState.Connecting;
    }

    public HostWorkerState Host => Settings.Host;

    public HttpProtocol Protocol => Settings.Codec.Protocol;

    /// <summary>Its ends; the local address is known once it is established.</summary>
    public ConnectionInfo Info => _connection!.Info;

    /// <summary>The connection itself: transport socket, byte counts.</summary>
    public Connection Connection => _connection!;

    /// <summary>Streams opened before: a stream that fails on a connection that served others may have met its idle timeout.</summary>
    public uint StreamsServed { get; private set; }

    public int ActiveStreams => _codec?.ActiveStreams ?? 0;

    internal PooledConnectionState State { get; set; }

    internal PooledConnection? Next { get; set; }

    internal PooledConnection? Previous { get; set; }

    internal bool HasRoom => _codec is not null && _streamsLeft > 0 && (uint)_codec.ActiveStreams < _codec.MaxConcurrentStreams;

    /// <summary>It has opened as many streams as it may in its life.</summary>
    internal bool IsSpent => _streamsLeft == 0;

    /// <summary>How many waiting streams it may be counted on for while it connects.</summary>
    internal uint ConnectingCapacity => System.Math.Min(_streamsLeft, Settings.Codec.ExpectedStreams);

    private PoolSettings Settings => _pool.Settings;

    private StatBlock Stats => Settings.Traffic;

    private Dispatcher Dispatcher => Settings.Worker.Dispatcher;

    public override void Begin(Connection connection)
    {
        _codec = Settings.Codec.Create(_transport, _owner);
        connection.Info.LocalAddress = SocketFactory.LocalAddress(connection.Fd);
        Stats.Increment((int)(Protocol == HttpProtocol.Http2 ? ClusterTrafficStat.UpstreamCxHttp2Total : ClusterTrafficStat.UpstreamCxHttp1Total));
        Stats.Record((int)ClusterTrafficStat.UpstreamCxConnectMs, (Dispatcher.NowNs - Info.StartNs) / 1_000_000);
        _deadlines.OnConnected();
        _pool.OnConnected(this);
    }

    public override void OnData(Connection connection, in Slice data)
    {
        Stats.Add((int)ClusterTrafficStat.UpstreamCxRxBytesTotal, data.Length);
        ErrorDetail? error = _codec!.OnData(in data);
        if (error is not null && connection.State == ConnectionState.Open)
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamCxProtocolError);
            _codec.OnConnectionClosed(StreamResetReason.ProtocolError);
            connection.Close(ConnectionCloseType.FlushWrite);
        }
    }

    public override void OnEnd(Connection connection)
    {
        // Nothing more will come: unfinished streams end here, and nobody may open another one.
        _endedByPeer = true;
        _activeAtEnd = _codec!.ResponseEndsWithConnection ? 0 : ActiveStreams;
        _pool.StartDraining(this);
        if (connection.State == ConnectionState.Open)
        {
            _codec.OnEndOfStream();
            connection.Close(ConnectionCloseType.NoFlush);
        }
    }

    /// <summary>Begins to connect; false when there is not even a socket.</summary>
    internal bool TryConnect()
    {
        Address address = Host.Host.Address;
        UpstreamConnectionSettings settings = Settings.Cluster.Connection;
        int fd = SocketFactory.CreateStream(address, out _);
        if (fd < 0)
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamCxConnectFail);
            return false;
        }

        if (!UpstreamSocketOptions.TryApply(fd, settings))
        {
            Stats.Increment((int)ClusterTrafficStat.BindErrors);
            _ = Sys.Close(fd);
            return false;
        }

        var info = new ConnectionInfo
        {
            ConnectionId = Settings.Worker.NextConnectionId(),
            LocalAddress = settings.SourceAddress ?? Address.FromSockaddr(default),
            RemoteAddress = address,
            DirectRemoteAddress = address,
            StartNs = Dispatcher.NowNs,
        };
        _connection = new Connection(Dispatcher, info, Settings.TransportSocket.Create(), this)
        {
            InitialBufferLimit = settings.PerConnectionBufferLimitBytes,
        };
        // HTTP/1 bodies may be delimited by the server's FIN: the codec decides what it means.
        _connection.EnableHalfClose(true);
        _connection.AddCallbacks(new Callbacks(this));
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxTotal);
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxActive);
        Host.Stats.Increment((int)HostStat.CxTotal);
        Host.Stats.Increment((int)HostStat.CxActive);
        _deadlines.OnConnecting();
        _connection.StartConnecting(fd);
        return true;
    }

    internal StreamSender NewStream(StreamReceiver receiver)
    {
        if (_streamsLeft != uint.MaxValue)
        {
            _streamsLeft--;
        }

        StreamsServed++;
        _deadlines.OnBusy();
        return _codec!.NewStream(receiver);
    }

    internal void OnIdle() => _deadlines.OnIdle();

    /// <summary>No stream is left and none will come.</summary>
    internal void CloseIdle()
    {
        if (_connection!.State == ConnectionState.Open)
        {
            _codec?.GoAway();
            _connection.Close(ConnectionCloseType.FlushWrite);
        }
    }

    internal void Abort() => _connection!.Close(ConnectionCloseType.NoFlush);

    internal void OnConnectTimeout()
    {
        _timedOut = true;
        _failure = PoolFailureReason.Timeout;
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxConnectTimeout);
        _connection!.Close(ConnectionCloseType.NoFlush);
    }

    internal void OnIdleTimeout()
    {
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxIdleTimeout);
        _pool.StartDraining(this);
    }

    internal void OnMaxDuration()
    {
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxMaxDurationReached);
        _pool.StartDraining(this);
    }

    private void OnConnectionEvent(ConnectionEvent connectionEvent)
    {
        if (connectionEvent == ConnectionEvent.Connected)
        {
            return;
        }

        Debug.Assert(State != PooledConnectionState.Closed, "one close a connection");
        PooledConnectionState before = State;
        State = PooledConnectionState.Closed;
        _deadlines.Stop();
        // Before the streams hear of it: a retry must not find this connection.
        _pool.Unlist(this, before);
        CountClose(before, _endedByPeer || connectionEvent == ConnectionEvent.RemoteClose);
        _codec?.OnConnectionClosed(StreamResetReason.ConnectionTermination);
        if (before == PooledConnectionState.Connecting && _failure == PoolFailureReason.None)
        {
            _failure = connectionEvent == ConnectionEvent.RemoteClose
                ? PoolFailureReason.RemoteConnectionFailure
                : PoolFailureReason.LocalConnectionFailure;
        }

        _pool.OnClosed(this, before, _failure, _connection!.Transport.FailureReason);
    }

    private void CountClose(PooledConnectionState before, bool remote)
    {
        Stats.Decrement((int)ClusterTrafficStat.UpstreamCxActive);
        Host.Stats.Decrement((int)HostStat.CxActive);
        Stats.Increment((int)ClusterTrafficStat.UpstreamCxDestroy);
        Stats.Increment((int)(remote ? ClusterTrafficStat.UpstreamCxDestroyRemote : ClusterTrafficStat.UpstreamCxDestroyLocal));
        if (ActiveStreams + _activeAtEnd > 0)
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamCxDestroyWithActiveRq);
            Stats.Increment((int)(remote
                ? ClusterTrafficStat.UpstreamCxDestroyRemoteWithActiveRq
                : ClusterTrafficStat.UpstreamCxDestroyLocalWithActiveRq));
        }

        if (before == PooledConnectionState.Connecting)
        {
            if (!_timedOut)
            {
                Stats.Increment((int)ClusterTrafficStat.UpstreamCxConnectFail);
            }

            Host.Stats.Increment((int)HostStat.CxConnectFail);
            return;
        }

        Stats.Record((int)ClusterTrafficStat.UpstreamCxLengthMs, (Dispatcher.NowNs - Info.StartNs) / 1_000_000);
        Stats.Record((int)ClusterTrafficStat.UpstreamRqPerCx, StreamsServed);
    }

    private sealed class CodecOwner(PooledConnection connection) : ClientCodecOwner
    {
        public override void OnStreamClosed(bool connectionReusable) => connection._pool.OnStreamClosed(connection, connectionReusable);

        public override void OnGoAway()
        {
            connection.Stats.Increment((int)ClusterTrafficStat.UpstreamCxCloseNotify);
            connection._pool.StartDraining(connection);
        }

        public override void OnMaxConcurrentStreamsChanged() => connection._pool.OnCapacityChanged(connection);
    }

    private sealed class Transport(PooledConnection connection) : CodecTransport
    {
        public override BufferChain Output => connection._connection!.WriteBuffer;

        public override WorkerMemory Memory => connection.Dispatcher.Memory;

        public override long NowNs => connection.Dispatcher.NowNs;

        public override void OutputWritten() => connection._connection!.ScheduleFlush();

        public override void ReadDisable(bool disable) => connection._connection!.ReadDisable(disable);
    }

    private sealed class Callbacks(PooledConnection connection) : ConnectionCallbacks
    {
        public override void OnEvent(ConnectionEvent connectionEvent) => connection.OnConnectionEvent(connectionEvent);

        public override void OnAboveWriteBufferHighWatermark()
        {
            connection.Stats.Increment((int)ClusterTrafficStat.UpstreamFlowControlBackedUpTotal);
            connection._codec?.OnTransportWatermark(above: true);
        }

        public override void OnBelowWriteBufferLowWatermark()
        {
            connection.Stats.Increment((int)ClusterTrafficStat.UpstreamFlowControlDrainedTotal);
            connection._codec?.OnTransportWatermark(above: false);
        }

        public override void OnBytesSent(long bytes) => connection.Stats.Add((int)ClusterTrafficStat.UpstreamCxTxBytesTotal, bytes);
    }
}
