using System;

namespace Sidecar.Event.Posts;

/// <summary>
/// Work that another thread hands to a dispatcher; the object is the queue's link, so posting allocates nothing. It may be posted
/// again once it has started to run. It carries ids and snapshots, never the sender's mutable state.
/// </summary>
public abstract class PostedWork
{
    internal PostedWork? Next;

    /// <summary>Runs on <paramref name="dispatcher"/>'s thread.</summary>
    public abstract void Run(Dispatcher dispatcher);
}

/// <summary>A closure as posted work, for the main thread's edges.</summary>
internal sealed class PostedAction(Action action) : PostedWork
{
    public override void Run(Dispatcher dispatcher) => action();
}
