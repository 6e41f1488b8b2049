using System;
using Sidecar.Event;
using Sidecar.Event.Timers;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>A downstream connection's timeouts: idle (no stream), longest life, the time between the two GOAWAYs. Thread: the worker.</summary>
internal sealed class ConnectionDeadlines : DeadlineTimer
{
    private readonly ConnectionManager _owner;
    private readonly long _idleTimeoutMs;
    private long _idleMs = Never;
    private long _durationMs;
    private long _drainMs = Never;

    public ConnectionDeadlines(ConnectionManager owner, ConnectionManagerModel model, Dispatcher dispatcher)
        : base(dispatcher)
    {
        _owner = owner;
        _idleTimeoutMs = model.IdleTimeoutMs;
        _durationMs = After(dispatcher.NowMs, model.MaxConnectionDurationMs);
        OnIdle();
    }

    protected override long EarliestMs => Math.Min(_idleMs, Math.Min(_durationMs, _drainMs));

    /// <summary>The last stream ended.</summary>
    public void OnIdle()
    {
        _idleMs = After(Dispatcher.NowMs, _idleTimeoutMs);
        Arm();
    }

    /// <summary>A stream began.</summary>
    public void OnBusy() => _idleMs = Never;

    public void StartDrain(long drainTimeoutMs)
    {
        _drainMs = After(Dispatcher.NowMs, drainTimeoutMs);
        Arm();
    }

    public void Stop()
    {
        _idleMs = Never;
        _durationMs = Never;
        _drainMs = Never;
        Disarm();
    }

    protected override void OnDeadline(long nowMs)
    {
        if (nowMs >= _drainMs)
        {
            _drainMs = Never;
            _owner.FinishDrain();
        }
        else if (nowMs >= _durationMs)
        {
            _durationMs = Never;
            _owner.OnMaxDuration();
        }
        else
        {
            _idleMs = Never;
            _owner.OnIdleTimeout();
        }
    }
}
