using System.Diagnostics;

namespace Sidecar.Event;

/// <summary>Told when a <see cref="SchedulableCallback"/> is due.</summary>
public abstract class CallbackHandler
{
    /// <summary>Runs once for each schedule; <paramref name="callback"/> may be scheduled again.</summary>
    public abstract void OnCallback(SchedulableCallback callback);
}

/// <summary>
/// Work for the end of this iteration or for the next one; scheduling allocates nothing. Made once by
/// <see cref="Dispatcher.CreateCallback"/>. Thread: its dispatcher's.
/// </summary>
public sealed class SchedulableCallback
{
    private readonly Dispatcher _dispatcher;
    private readonly CallbackHandler? _handler;

    internal SchedulableCallback? Next;
    internal SchedulableCallback? Previous;

    internal SchedulableCallback(Dispatcher dispatcher, CallbackHandler? handler)
    {
        _dispatcher = dispatcher;
        _handler = handler;
    }

    /// <summary>True from scheduling until it runs or is cancelled.</summary>
    public bool IsScheduled => Next is not null;

    /// <summary>Runs after this iteration's events, timers and posts. No effect when already scheduled, as in Envoy.</summary>
    public void ScheduleCurrentIteration() => Schedule(_dispatcher.CurrentCallbacks);

    /// <summary>Runs in the next iteration, which then does not wait. No effect when already scheduled, as in Envoy.</summary>
    public void ScheduleNextIteration() => Schedule(_dispatcher.NextCallbacks);

    /// <summary>Takes the schedule back; no effect when there is none.</summary>
    public void Cancel()
    {
        if (Next is not null)
        {
            Unlink();
        }
    }

    internal void Run() => _handler!.OnCallback(this);

    internal void Unlink()
    {
        Previous!.Next = Next;
        Next!.Previous = Previous;
        Next = null;
        Previous = null;
    }

    private void Schedule(CallbackList list)
    {
        Debug.Assert(_dispatcher.IsCurrent, "callbacks belong to their dispatcher's thread");
        if (Next is null)
        {
            list.Append(this);
        }
    }
}

/// <summary>A circular list of scheduled callbacks. Thread: its dispatcher's.</summary>
internal sealed class CallbackList
{
    private readonly SchedulableCallback _head;

    public CallbackList(Dispatcher dispatcher)
    {
        _head = new SchedulableCallback(dispatcher, handler: null);
        _head.Next = _head;
        _head.Previous = _head;
    }

    public bool IsEmpty => _head.Next == _head;

    public void Append(SchedulableCallback callback)
    {
        SchedulableCallback last = _head.Previous!;
        callback.Previous = last;
        callback.Next = _head;
        last.Next = callback;
        _head.Previous = callback;
    }

    /// <summary>Moves everything to the tail of another list.</summary>
    public void MoveTo(CallbackList other)
    {
        while (!IsEmpty)
        {
            SchedulableCallback first = _head.Next!;
            first.Unlink();
            other.Append(first);
        }
    }

    /// <summary>Runs until the list is empty: what is scheduled for this iteration meanwhile runs too.</summary>
    public void Run()
    {
        while (!IsEmpty)
        {
            SchedulableCallback first = _head.Next!;
            first.Unlink();
            first.Run();
        }
    }
}
