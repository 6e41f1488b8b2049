namespace Sidecar.Event;

/// <summary>Where an iteration stands.</summary>
public enum DispatcherPhase : byte
{
    /// <summary>The loop does not run.</summary>
    Outside = 0,
    Waiting,
    Events,
    Posts,
    Timers,
    Callbacks,
    Flush,
    DeferredDeletes,
}
