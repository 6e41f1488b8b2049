using System;
using System.Diagnostics;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Upstream.CircuitBreakers;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Pools;

/// <summary>
/// One worker's connections to one host for one priority and HTTP version. A stream gets the connection that was used last, or waits
/// for a new one within the circuit breakers. Thread: its worker.
/// </summary>
/// <remarks>
/// <code>
///   connecting --connected--> ready --full--> busy --stream ended--> ready
///                               \---- goaway, limits, drain ----> draining --last stream ended--> closed
/// </code>
/// </remarks>
public sealed class ConnectionPool
{
    private readonly PoolSettings _settings;
    private ConnectionList _connecting;
    private ConnectionList _ready;
    private ConnectionList _busy;
    private ConnectionList _draining;
    private PendingStream? _firstPending;
    private PendingStream? _lastPending;
    private PendingStream? _freePending;
    private int _pendingCount;
    private long _connectingCapacity;
    private bool _isDraining;

    public ConnectionPool(PoolSettings settings) => _settings = settings;

    /// <summary>Nothing open, nothing waiting: the pool may be dropped.</summary>
    public bool IsIdle => ConnectionCount == 0 && _pendingCount == 0;

    /// <summary>Connections in any state.</summary>
    public int ConnectionCount => _connecting.Count + _ready.Count + _busy.Count + _draining.Count;

    /// <summary>Streams that wait for a connection.</summary>
    public int PendingCount => _pendingCount;

    public PoolSettings Settings => _settings;

    /// <summary>Called on the worker when a drained pool has become idle.</summary>
    public Action<ConnectionPool>? OnDrained { get; set; }

    private StatBlock Stats => _settings.Traffic;

    private ResourceLimits Limits => _settings.Limits;

    /// <summary>
    /// Asks for a stream; its response goes to <paramref name="receiver"/>. Null when a callback was called already, else what waits.
    /// </summary>
    public PendingStream? NewStream(PoolStreamCallbacks callbacks, StreamReceiver receiver)
    {
        PooledConnection? connection = _ready.First;
        if (connection is not null)
        {
            AttachStream(connection, callbacks, receiver);
            return null;
        }

        if (!Limits.PendingRequests.TryTake())
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamRqPendingOverflow);
            callbacks.OnPoolFailure(PoolFailureReason.Overflow, _settings.Host, null);
            return null;
        }

        Stats.Increment((int)ClusterTrafficStat.UpstreamRqPendingTotal);
        Stats.Increment((int)ClusterTrafficStat.UpstreamRqPendingActive);
        PendingStream pending = Enqueue(callbacks, receiver);
        if (TryOpenForPending() is { } failure)
        {
            Dequeue(pending);
            callbacks.OnPoolFailure(failure, _settings.Host, null);
            return null;
        }

        return pending;
    }

    /// <summary>
    /// The host or cluster is going: connections without streams close now, others when their last stream ends; what waits is served
    /// first.
    /// </summary>
    public void Drain()
    {
        _isDraining = true;
        while (_ready.First is { } connection)
        {
            StartDraining(connection);
        }

        for (PooledConnection? busy = _busy.First; busy is not null; busy = _busy.First)
        {
            StartDraining(busy);
        }

        ReportDrained();
    }

    /// <summary>Closes every connection now; streams are reset.</summary>
    public void CloseAll()
    {
        _isDraining = true;
        while ((_connecting.First ?? _ready.First ?? _busy.First ?? _draining.First) is { } connection)
        {
            connection.Abort();
        }
    }

    internal void Cancel(PendingStream pending)
    {
        Stats.Increment((int)ClusterTrafficStat.UpstreamRqCancelled);
        Dequeue(pending);
        // A connection that is still being opened for nobody is kept: the next request will want it.
    }

    internal void OnConnected(PooledConnection connection)
    {
        Move(connection, ref _connecting, ref _ready, PooledConnectionState.Ready);
        _connectingCapacity -= connection.ConnectingCapacity;
        ServePending();
        if (_isDraining && connection.State == PooledConnectionState.Ready)
        {
            StartDraining(connection);
        }
    }

    internal void OnStreamClosed(PooledConnection connection, bool reusable)
    {
        Limits.Requests.Return();
        Stats.Decrement((int)ClusterTrafficStat.UpstreamRqActive);
        _settings.Host.Stats.Decrement((int)HostStat.RqActive);
        if (!reusable && connection.State is PooledConnectionState.Ready or PooledConnectionState.Busy)
        {
            StartDraining(connection);
            ServePending();
            return;
        }

        switch (connection.State)
        {
            case PooledConnectionState.Busy when connection.HasRoom:
                Move(connection, ref _busy, ref _ready, PooledConnectionState.Ready);
                ServePending();
                break;
            case PooledConnectionState.Draining when connection.ActiveStreams == 0:
                connection.CloseIdle();
                break;
            default:
                break;
        }

        if (connection.State == PooledConnectionState.Ready && connection.ActiveStreams == 0)
        {
            connection.OnIdle();
            if (_isDraining)
            {
                StartDraining(connection);
            }
        }
    }

    /// <summary>The peer allows more or fewer streams than before.</summary>
    internal void OnCapacityChanged(PooledConnection connection)
    {
        if (connection.State == PooledConnectionState.Ready && !connection.HasRoom)
        {
            Move(connection, ref _ready, ref _busy, PooledConnectionState.Busy);
        }
        else if (connection.State == PooledConnectionState.Busy && connection.HasRoom)
        {
            Move(connection, ref _busy, ref _ready, PooledConnectionState.Ready);
            ServePending();
        }
    }

    /// <summary>The connection takes no more streams; those it has may finish.</summary>
    internal void StartDraining(PooledConnection connection)
    {
        switch (connection.State)
        {
            case PooledConnectionState.Ready:
                Move(connection, ref _ready, ref _draining, PooledConnectionState.Draining);
                break;
            case PooledConnectionState.Busy:
                Move(connection, ref _busy, ref _draining, PooledConnectionState.Draining);
                break;
            default:
                return;
        }

        if (connection.ActiveStreams == 0)
        {
            connection.CloseIdle();
        }
    }

    /// <summary>The connection is going: it is offered to nobody from here on. <see cref="OnClosed"/> follows.</summary>
    internal void Unlist(PooledConnection connection, PooledConnectionState before) => ListOf(before).Remove(connection);

    /// <summary>The connection is gone, with or without ever having been established.</summary>
    internal void OnClosed(PooledConnection connection, PooledConnectionState before, PoolFailureReason reason, string? transportFailure)
    {
        Limits.Connections.Return();
        if (before == PooledConnectionState.Connecting)
        {
            _connectingCapacity -= connection.ConnectingCapacity;
            FailPending(reason, transportFailure);
        }
        else
        {
            ServePending();
        }

        ReportDrained();
    }

    private static void CountStream(PoolSettings settings)
    {
        settings.Traffic.Increment((int)ClusterTrafficStat.UpstreamRqTotal);
        settings.Traffic.Increment((int)ClusterTrafficStat.UpstreamRqActive);
        settings.Host.Stats.Increment((int)HostStat.RqTotal);
        settings.Host.Stats.Increment((int)HostStat.RqActive);
    }

    private void AttachStream(PooledConnection connection, PoolStreamCallbacks callbacks, StreamReceiver receiver)
    {
        Debug.Assert(connection.HasRoom, "a ready connection has room");
        if (!Limits.Requests.TryTake())
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamRqPendingOverflow);
            callbacks.OnPoolFailure(PoolFailureReason.Overflow, _settings.Host, null);
            return;
        }

        CountStream(_settings);
        StreamSender sender = connection.NewStream(receiver);
        if (connection.IsSpent)
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamCxMaxRequests);
            Move(connection, ref _ready, ref _draining, PooledConnectionState.Draining);
        }
        else if (!connection.HasRoom)
        {
            Move(connection, ref _ready, ref _busy, PooledConnectionState.Busy);
        }

        callbacks.OnPoolReady(sender, connection);
    }

    private void ServePending()
    {
        while (_firstPending is { } pending && _ready.First is { } connection)
        {
            PoolStreamCallbacks callbacks = pending.Callbacks!;
            StreamReceiver receiver = pending.Receiver!;
            Dequeue(pending);
            AttachStream(connection, callbacks, receiver);
        }

        if (_firstPending is not null && TryOpenForPending() is { } failure)
        {
            FailPending(failure, null);
        }
    }

    /// <summary>Opens a connection when those under way will not serve everybody who waits; not null when that failed and nobody else will.</summary>
    private PoolFailureReason? TryOpenForPending()
    {
        if (_pendingCount <= _connectingCapacity)
        {
            return null;
        }

        if (!Limits.Connections.TryTake())
        {
            Stats.Increment((int)ClusterTrafficStat.UpstreamCxOverflow);
            if (ConnectionCount > 0)
            {
                return null;
            }

            // Other hosts have used the cluster's connections up: this one still needs one, or what waits here would never be served.
            Limits.Connections.TakeAnyway();
        }

        var connection = new PooledConnection(this);
        _connecting.AddFirst(connection);
        _connectingCapacity += connection.ConnectingCapacity;
        if (connection.TryConnect())
        {
            return null;
        }

        _connecting.Remove(connection);
        _connectingCapacity -= connection.ConnectingCapacity;
        Limits.Connections.Return();
        return ConnectionCount > 0 ? null : PoolFailureReason.LocalConnectionFailure;
    }

    /// <summary>
    /// A connection could not be made: everybody who waits is told, so that retries can choose another host instead of queueing here.
    /// </summary>
    private void FailPending(PoolFailureReason reason, string? transportFailure)
    {
        int count = _pendingCount;
        while (count-- > 0 && _firstPending is { } pending)
        {
            PoolStreamCallbacks callbacks = pending.Callbacks!;
            Stats.Increment((int)ClusterTrafficStat.UpstreamRqPendingFailureEject);
            Dequeue(pending);
            callbacks.OnPoolFailure(reason, _settings.Host, transportFailure);
        }
    }

    private PendingStream Enqueue(PoolStreamCallbacks callbacks, StreamReceiver receiver)
    {
        PendingStream pending = _freePending ?? new PendingStream(this);
        _freePending = pending.Next;
        pending.Callbacks = callbacks;
        pending.Receiver = receiver;
        pending.Next = null;
        pending.Previous = _lastPending;
        if (_lastPending is null)
        {
            _firstPending = pending;
        }
        else
        {
            _lastPending.Next = pending;
        }

        _lastPending = pending;
        _pendingCount++;
        return pending;
    }

    private void Dequeue(PendingStream pending)
    {
        if (pending.Previous is null)
        {
            _firstPending = pending.Next;
        }
        else
        {
            pending.Previous.Next = pending.Next;
        }

        if (pending.Next is null)
        {
            _lastPending = pending.Previous;
        }
        else
        {
            pending.Next.Previous = pending.Previous;
        }

        pending.Previous = null;
        pending.Callbacks = null;
        pending.Receiver = null;
        pending.Next = _freePending;
        _freePending = pending;
        _pendingCount--;
        Limits.PendingRequests.Return();
        Stats.Decrement((int)ClusterTrafficStat.UpstreamRqPendingActive);
    }

    private static void Move(PooledConnection connection, ref ConnectionList from, ref ConnectionList to, PooledConnectionState state)
    {
        from.Remove(connection);
        to.AddFirst(connection);
        connection.State = state;
    }

    private ref ConnectionList ListOf(PooledConnectionState state)
    {
        switch (state)
        {
            case PooledConnectionState.Connecting:
                return ref _connecting;
            case PooledConnectionState.Ready:
                return ref _ready;
            case PooledConnectionState.Busy:
                return ref _busy;
            default:
                return ref _draining;
        }
    }

    private void ReportDrained()
    {
        if (_isDraining && IsIdle)
        {
            OnDrained?.Invoke(this);
        }
    }
}
