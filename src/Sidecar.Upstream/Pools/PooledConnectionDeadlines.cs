using System;
using Sidecar.Event;
using Sidecar.Event.Timers;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Pools;

/// <summary>An upstream connection's timeouts: connect, idle (no stream), longest life. Thread: the worker.</summary>
internal sealed class PooledConnectionDeadlines(PooledConnection owner, Dispatcher dispatcher, ClusterModel cluster) : DeadlineTimer(dispatcher)
{
    private long _connectMs = Never;
    private long _idleMs = Never;
    private long _durationMs = Never;

    protected override long EarliestMs => Math.Min(_connectMs, Math.Min(_idleMs, _durationMs));

    public void OnConnecting()
    {
        _connectMs = After(Dispatcher.NowMs, cluster.Connection.ConnectTimeoutMs);
        Arm();
    }

    public void OnConnected()
    {
        _connectMs = Never;
        _durationMs = After(Dispatcher.NowMs, cluster.CommonHttp.MaxConnectionDurationMs);
        OnIdle();
    }

    /// <summary>The last stream ended.</summary>
    public void OnIdle()
    {
        _idleMs = After(Dispatcher.NowMs, cluster.CommonHttp.IdleTimeoutMs);
        Arm();
    }

    /// <summary>A stream began.</summary>
    public void OnBusy() => _idleMs = Never;

    public void Stop()
    {
        _connectMs = Never;
        _idleMs = Never;
        _durationMs = Never;
        Disarm();
    }

    protected override void OnDeadline(long nowMs)
    {
        if (nowMs >= _connectMs)
        {
            _connectMs = Never;
            owner.OnConnectTimeout();
        }
        else if (nowMs >= _durationMs)
        {
            _durationMs = Never;
            owner.OnMaxDuration();
        }
        else
        {
            _idleMs = Never;
            owner.OnIdleTimeout();
        }
    }
}
