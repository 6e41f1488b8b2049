using System;

namespace Sidecar.Event.Timers;

/// <summary>
/// Several deadlines on one timer. Moving a deadline back is a store; the timer is armed for the earliest one it has been told of and,
/// when it fires too early, armed again: an exchange that ends in time touches no timer. Thread: its dispatcher's.
/// </summary>
public abstract class DeadlineTimer : TimerNode
{
    /// <summary>A deadline that is not set.</summary>
    public const long Never = long.MaxValue;

    private long _armedForMs = Never;

    protected DeadlineTimer(Dispatcher dispatcher)
        : base(dispatcher)
    {
    }

    /// <summary>The earliest deadline in the dispatcher's milliseconds, or <see cref="Never"/>.</summary>
    protected abstract long EarliestMs { get; }

    /// <summary>Call after a deadline was set or brought forward.</summary>
    protected void Arm()
    {
        long earliest = EarliestMs;
        if (earliest < _armedForMs)
        {
            _armedForMs = earliest;
            Enable(Math.Max(1, earliest - Dispatcher.NowMs));
        }
    }

    /// <summary>Forgets every firing; deadlines are the subclass's.</summary>
    protected void Disarm()
    {
        _armedForMs = Never;
        Disable();
    }

    /// <summary>Some deadline has passed: act on it and move it.</summary>
    protected abstract void OnDeadline(long nowMs);

    /// <summary>A point <paramref name="timeoutMs"/> from <paramref name="nowMs"/>; 0 means never.</summary>
    protected static long After(long nowMs, long timeoutMs) => timeoutMs > 0 ? nowMs + timeoutMs : Never;

    protected internal sealed override void OnFired()
    {
        _armedForMs = Never;
        if (EarliestMs <= Dispatcher.NowMs)
        {
            OnDeadline(Dispatcher.NowMs);
        }

        Arm();
    }
}
