using System;
using System.Diagnostics;
using Sidecar.Event.Native;
using Sidecar.Event.Timers;

namespace Sidecar.Event.Io;

/// <summary>
/// A listening socket: accepts in batches, bounded per iteration so that a storm of connections does not starve the established
/// ones. Out of descriptors it stops for a while instead of spinning. Owns its descriptor. Thread: the dispatcher's.
/// </summary>
public sealed class AcceptSocket : IoSource
{
    /// <summary>Connections taken per iteration.</summary>
    public const int BatchSize = 32;

    /// <summary>How long accepting rests after EMFILE, ENFILE, ENOMEM and the like.</summary>
    public const int BackoffMs = 100;

    private readonly AcceptHandler _handler;
    private readonly BackoffTimer _backoff;
    private bool _isPaused;

    internal AcceptSocket(Dispatcher dispatcher, int fd, AcceptHandler handler)
        : base(dispatcher)
    {
        Fd = fd;
        _handler = handler;
        _backoff = new BackoffTimer(this);
    }

    public bool IsOpen => Fd >= 0;

    /// <summary>How often accepting rested after an error.</summary>
    public long Backoffs { get; private set; }

    /// <summary>False while paused or resting.</summary>
    internal bool IsAccepting => !_isPaused && !_backoff.IsEnabled;

    internal override IoSourceKind Kind => IoSourceKind.Acceptor;

    /// <summary>Leaves connections in the kernel's backlog until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        _isPaused = true;
        Reflect();
    }

    public void Resume()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        _isPaused = false;
        Reflect();
    }

    /// <summary>Stops listening; connections in the backlog are reset by the kernel when nobody else holds the descriptor.</summary>
    public void Close() => _ = Sys.Close(Detach());

    /// <summary>Stops accepting here and hands the descriptor to the caller; -1 when closed.</summary>
    public int Detach()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        int fd = Fd;
        if (fd >= 0)
        {
            _backoff.Disable();
            Dispatcher.Backend.Remove(this);
            Fd = -1;
        }

        return fd;
    }

    internal void CompleteAccept(int fd, ReadOnlySpan<byte> peerSockaddr) => _handler.OnAccepted(fd, peerSockaddr);

    internal void CompleteError(Errno error)
    {
        Backoffs++;
        _backoff.Enable(BackoffMs);
        Reflect();
        _handler.OnAcceptError((int)error);
    }

    protected internal override void OnDeferredDelete()
    {
    }

    private void Reflect()
    {
        if (IsOpen)
        {
            Dispatcher.Backend.Update(this);
        }
    }

    private sealed class BackoffTimer(AcceptSocket owner) : TimerNode(owner.Dispatcher)
    {
        protected internal override void OnFired() => owner.Reflect();
    }
}
