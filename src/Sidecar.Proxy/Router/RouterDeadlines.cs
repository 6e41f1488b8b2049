using System;
using Sidecar.Event;
using Sidecar.Event.Timers;

namespace Sidecar.Proxy.Router;

/// <summary>A request's upstream timeouts: over all attempts, of one attempt, of an attempt's silence, and the back-off. Thread: the worker.</summary>
internal sealed class RouterDeadlines(RouterFilter router, Dispatcher dispatcher) : DeadlineTimer(dispatcher)
{
    private long _globalMs = Never;
    private long _perTryMs = Never;
    private long _perTryIdleMs = Never;
    private long _perTryIdleTimeoutMs;
    private long _backOffMs = Never;

    protected override long EarliestMs => Math.Min(Math.Min(_globalMs, _backOffMs), Math.Min(_perTryMs, _perTryIdleMs));

    /// <summary>The request is complete: the upstream's time begins (a slow client does not use it up).</summary>
    public void StartGlobal(long timeoutMs)
    {
        _globalMs = After(Dispatcher.NowMs, timeoutMs);
        Arm();
    }

    public void StartAttempt(long perTryMs, long perTryIdleMs)
    {
        long now = Dispatcher.NowMs;
        _perTryMs = After(now, perTryMs);
        _perTryIdleTimeoutMs = perTryIdleMs;
        _perTryIdleMs = After(now, perTryIdleMs);
        Arm();
    }

    /// <summary>The attempt's response began; its own limit is met, silence still counts.</summary>
    public void OnResponseStarted()
    {
        _perTryMs = Never;
        OnActivity();
    }

    public void OnActivity()
    {
        if (_perTryIdleTimeoutMs > 0)
        {
            _perTryIdleMs = Dispatcher.NowMs + _perTryIdleTimeoutMs;
        }
    }

    public void EndAttempt()
    {
        _perTryMs = Never;
        _perTryIdleMs = Never;
    }

    public void StartBackOff(long delayMs)
    {
        _backOffMs = Dispatcher.NowMs + Math.Max(1, delayMs);
        Arm();
    }

    /// <summary>The exchange is over.</summary>
    public void Clear()
    {
        _globalMs = Never;
        _backOffMs = Never;
        _perTryIdleTimeoutMs = 0;
        EndAttempt();
    }

    protected override void OnDeadline(long nowMs)
    {
        if (nowMs >= _globalMs)
        {
            _globalMs = Never;
            router.OnGlobalTimeout();
        }
        else if (nowMs >= _backOffMs)
        {
            _backOffMs = Never;
            router.OnBackOffOver();
        }
        else
        {
            bool idle = nowMs < _perTryMs;
            EndAttempt();
            router.OnPerTryTimeout(idle);
        }
    }
}
