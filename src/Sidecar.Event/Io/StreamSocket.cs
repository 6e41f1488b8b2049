using System;
using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Event.Native;

namespace Sidecar.Event.Io;

/// <summary>
/// A connected (or connecting) stream socket: bytes come through its <see cref="StreamHandler"/>, bytes to send are appended to
/// <see cref="Output"/>. Pooled: closed, it is unlinked at once and recycled at the end of the iteration, so the owner drops its
/// reference when it closes or hears <see cref="StreamHandler.OnClosed"/>. Owns its descriptor. Thread: the dispatcher's.
/// </summary>
public sealed class StreamSocket : IoSource
{
    private StreamHandler? _handler;
    private StreamFlags _flags;
    private int _pendingError;

    internal StreamSocket(Dispatcher dispatcher)
        : base(dispatcher) => Output = new BufferChain(dispatcher.Memory.Slabs);

    /// <summary>Bytes to send: append, then <see cref="ScheduleFlush"/>. Its watermarks are the owner's to set.</summary>
    public BufferChain Output { get; }

    /// <summary>False once closed, by either side.</summary>
    public bool IsOpen => Fd >= 0;

    /// <summary>Bytes that the kernel has not taken yet.</summary>
    public long BytesUnsent => Output.Length;

    public bool IsReadingPaused => (_flags & StreamFlags.Paused) != 0;

    internal override IoSourceKind Kind => IoSourceKind.Stream;

    /// <summary>Counts the lives of the pooled object: a queued reference to an earlier one is recognised by it.</summary>
    internal int Incarnation { get; private set; }

    /// <summary>The backend's own bits.</summary>
    internal int BackendState { get; set; }

    internal bool IsConnecting => (_flags & StreamFlags.Connecting) != 0;

    /// <summary>
    /// Sends what <see cref="Output"/> holds at the end of this iteration, in one call to the kernel for everything appended until
    /// then; what the kernel does not take follows by itself.
    /// </summary>
    public void ScheduleFlush()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        if ((_flags & (StreamFlags.FlushScheduled | StreamFlags.Connecting)) == 0 && IsOpen)
        {
            _flags |= StreamFlags.FlushScheduled;
            Dispatcher.Flushes.Add(this);
        }
    }

    /// <summary>No more <see cref="StreamHandler.OnData"/> until <see cref="ResumeReading"/>; the kernel's buffer, then the peer, wait.</summary>
    public void PauseReading()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        _flags |= StreamFlags.Paused;
    }

    /// <summary>Goes on reading: what arrived meanwhile is delivered from the loop, never inside this call.</summary>
    public void ResumeReading()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        if (IsReadingPaused)
        {
            _flags &= ~StreamFlags.Paused;
            if (IsOpen)
            {
                Dispatcher.Backend.Receive(this);
            }
        }
    }

    /// <summary>Sends FIN once <see cref="Output"/> has drained; nothing may be appended afterwards. Reading goes on.</summary>
    public void ShutdownWrite()
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        if (!IsOpen || (_flags & StreamFlags.ShutdownRequested) != 0)
        {
            return;
        }

        _flags |= StreamFlags.ShutdownRequested;
        if (Output.IsEmpty && !IsConnecting)
        {
            ShutdownNow();
        }
        else
        {
            ScheduleFlush();
        }
    }

    /// <summary>
    /// Closes now; what was not sent is dropped and its slabs go back. No call to the handler follows.
    /// </summary>
    /// <param name="reset">Send RST instead of FIN.</param>
    public unsafe void Close(bool reset = false)
    {
        Debug.Assert(Dispatcher.IsCurrent, "sockets belong to their dispatcher's thread");
        if (!IsOpen)
        {
            return;
        }

        if (reset)
        {
            var linger = new LingerOption { OnOff = 1, Seconds = 0 };
            _ = Sys.SetSockOpt(Fd, SockOpt.LevelSocket, SockOpt.Linger, &linger, (uint)sizeof(LingerOption));
        }

        Dispatcher.Backend.Remove(this);
        _ = Sys.Close(Fd);
        Fd = -1;
        // The owner is leaving: its watermark callbacks must not run from here.
        Output.SetWatermarks(0, null);
        Output.Clear();
        Incarnation++;
        Dispatcher.DeferredDelete(this);
    }

    internal void Open(int fd, StreamHandler handler, bool connecting)
    {
        Fd = fd;
        _handler = handler;
        _flags = connecting ? StreamFlags.Connecting : StreamFlags.None;
        _pendingError = 0;
        BackendState = 0;
    }

    internal void CompleteConnect()
    {
        _flags &= ~StreamFlags.Connecting;
        _handler!.OnConnected();
        if (IsOpen && (!Output.IsEmpty || (_flags & StreamFlags.ShutdownRequested) != 0))
        {
            ScheduleFlush();
        }
    }

    internal void CompleteReceive(in Slice data) => _handler!.OnData(in data);

    internal void CompleteEnd()
    {
        if ((_flags & StreamFlags.EndDelivered) == 0)
        {
            _flags |= StreamFlags.EndDelivered;
            _handler!.OnEndOfStream();
        }
    }

    internal void CompletePeerShutdown() => _handler!.OnPeerShutdownWhilePaused();

    /// <summary>The kernel took bytes.</summary>
    internal void CompleteSend(long bytes)
    {
        int incarnation = Incarnation;
        // Draining may run the owner's low-watermark callback, which may close this socket.
        Output.Drain(bytes);
        if (Incarnation != incarnation)
        {
            return;
        }

        _handler!.OnSent(bytes);
        if (Incarnation == incarnation && Output.IsEmpty && (_flags & StreamFlags.ShutdownRequested) != 0)
        {
            ShutdownNow();
        }
    }

    /// <summary>The socket failed: close, then tell the owner.</summary>
    internal void CompleteError(int errno)
    {
        StreamHandler handler = _handler!;
        Close();
        handler.OnClosed(errno);
    }

    /// <summary>Like <see cref="CompleteError"/>, but from the loop after the flush: a failed send must not call up into its sender.</summary>
    internal void DeferError(int errno)
    {
        if (_pendingError == 0)
        {
            _pendingError = errno;
            Dispatcher.Failures.Add(this);
        }
    }

    internal void DeliverDeferredError() => CompleteError(_pendingError);

    /// <summary>The turn of a scheduled flush.</summary>
    internal void Flush()
    {
        _flags &= ~StreamFlags.FlushScheduled;
        if (_pendingError != 0)
        {
            return;
        }

        if (!Output.IsEmpty)
        {
            Dispatcher.Backend.Send(this);
        }
        else if ((_flags & StreamFlags.ShutdownRequested) != 0)
        {
            ShutdownNow();
        }
    }

    protected internal override void OnDeferredDelete()
    {
        _handler = null;
        Dispatcher.Recycle(this);
    }

    private void ShutdownNow()
    {
        if ((_flags & StreamFlags.ShutdownDone) == 0)
        {
            _flags |= StreamFlags.ShutdownDone;
            // ENOTCONN: the peer reset meanwhile, which is reported by its own event.
            _ = Sys.Shutdown(Fd, Sock.ShutWrite);
        }
    }

    [Flags]
    private enum StreamFlags : byte
    {
        None = 0,
        Connecting = 1,
        Paused = 2,
        FlushScheduled = 4,
        ShutdownRequested = 8,
        ShutdownDone = 16,
        EndDelivered = 32,
    }
}
