using System;
using System.Diagnostics;

namespace Sidecar.Event.Io;

/// <summary>What a descriptor is ready for.</summary>
[Flags]
public enum FileReadiness : byte
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>The other end closed, or an error; always reported.</summary>
    Closed = 4,

    /// <summary>As an interest: report changes (edge-triggered) rather than states.</summary>
    EdgeTriggered = 8,
}

/// <summary>
/// Watches a descriptor that is no stream socket (inotify, eventfd, a pipe). Does not own the descriptor: close it after
/// <see cref="Close"/>. Thread: the dispatcher's.
/// </summary>
public sealed class FileEvent : IoSource
{
    private readonly FileEventHandler _handler;

    internal FileEvent(Dispatcher dispatcher, int fd, FileEventHandler handler, FileReadiness interest)
        : base(dispatcher)
    {
        Fd = fd;
        _handler = handler;
        Interest = interest;
    }

    /// <summary>What is watched for.</summary>
    public FileReadiness Interest { get; private set; }

    internal override IoSourceKind Kind => IoSourceKind.File;

    /// <summary>Watches for something else from now on.</summary>
    public void SetInterest(FileReadiness interest)
    {
        Debug.Assert(Dispatcher.IsCurrent, "file events belong to their dispatcher's thread");
        Interest = interest;
        if (Fd >= 0)
        {
            Dispatcher.Backend.Update(this);
        }
    }

    /// <summary>Stops watching.</summary>
    public void Close()
    {
        Debug.Assert(Dispatcher.IsCurrent, "file events belong to their dispatcher's thread");
        if (Fd >= 0)
        {
            Dispatcher.Backend.Remove(this);
            Fd = -1;
        }
    }

    internal void Complete(FileReadiness readiness) => _handler.OnReady(this, readiness);

    protected internal override void OnDeferredDelete()
    {
    }
}
