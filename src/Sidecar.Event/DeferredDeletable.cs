namespace Sidecar.Event;

/// <summary>
/// What may still be on the call stack when it ends: unlinked at once, recycled at the end of the iteration by
/// <see cref="Dispatcher.DeferredDelete"/>. Thread: its dispatcher's.
/// </summary>
public abstract class DeferredDeletable
{
    internal DeferredDeletable? NextDeleted;
    internal bool IsDeletePending;

    /// <summary>End of the iteration: nothing on the stack refers to the object; return it to its pool.</summary>
    protected internal abstract void OnDeferredDelete();
}
