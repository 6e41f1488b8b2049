using System.Diagnostics;

namespace Sidecar.Event.Timers;

/// <summary>
/// A timer as a base class: a pooled object that needs a deadline derives from it, or owns a <see cref="Timer"/>. Arming links it
/// into its dispatcher's wheel and allocates nothing. A disabled node holds nothing and may be dropped. Thread: its dispatcher's.
/// </summary>
public abstract class TimerNode
{
    private readonly Dispatcher _dispatcher;

    /// <summary>Neighbours in the wheel's ring; both null when disabled.</summary>
    internal TimerNode? Next;
    internal TimerNode? Previous;

    /// <summary>Deadline in ticks of the wheel.</summary>
    internal long DeadlineTick;

    /// <summary>The ring that holds the node, see <see cref="TimerWheel"/>.</summary>
    internal int Ring;

    protected TimerNode(Dispatcher dispatcher) => _dispatcher = dispatcher;

    /// <summary>For the wheel's own ring heads, which belong to no dispatcher and never fire.</summary>
    private protected TimerNode() => _dispatcher = null!;

    public Dispatcher Dispatcher => _dispatcher;

    /// <summary>True from <see cref="Enable"/> until it fires or is disabled.</summary>
    public bool IsEnabled => Next is not null;

    /// <summary>
    /// (Re-)arms to fire once, no earlier than <paramref name="delayMs"/> from the dispatcher's now; 0 fires in the next iteration.
    /// </summary>
    public void Enable(long delayMs)
    {
        Debug.Assert(_dispatcher.IsCurrent, "timers belong to their dispatcher's thread");
        _dispatcher.Arm(this, delayMs);
    }

    /// <summary>Disarms; no effect when not armed.</summary>
    public void Disable()
    {
        Debug.Assert(_dispatcher.IsCurrent, "timers belong to their dispatcher's thread");
        _dispatcher.Disarm(this);
    }

    /// <summary>The deadline passed. The node is disabled by now and may be armed again.</summary>
    protected internal abstract void OnFired();
}

/// <summary>Told when a <see cref="Timer"/> fires; one object may serve several timers.</summary>
public abstract class TimerHandler
{
    /// <summary>The deadline passed; <paramref name="timer"/> is disabled by now and may be armed again.</summary>
    public abstract void OnTimer(Timer timer);
}

/// <summary>A timer owned as a field; made once by <see cref="Dispatcher.CreateTimer"/> and re-armed. Thread: its dispatcher's.</summary>
public sealed class Timer : TimerNode
{
    private readonly TimerHandler _handler;

    internal Timer(Dispatcher dispatcher, TimerHandler handler)
        : base(dispatcher) => _handler = handler;

    protected internal override void OnFired() => _handler.OnTimer(this);
}
