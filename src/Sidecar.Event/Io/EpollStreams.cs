using System;
using System.Runtime.CompilerServices;
using Sidecar.Core.Buffers;
using Sidecar.Event.Native;

namespace Sidecar.Event.Io;

/// <summary>
/// Stream sockets on edge-triggered epoll: turns edges into received bytes and unblocked sends. The budget is system calls: one recv
/// an event (a short read means drained), one send a flush. Thread: the dispatcher's.
/// </summary>
internal sealed unsafe class EpollStreams
{
    /// <summary>Full reads of one socket in one turn; then the others have theirs.</summary>
    private const int ReadsPerTurn = 4;

    private const int MaxVectors = 64;

    /// <summary>Bits of <see cref="StreamSocket.BackendState"/>.</summary>
    private const int Readable = 1;
    private const int WriteBlocked = 2;
    private const int ReceiveQueued = 4;

    /// <summary>The peer's FIN is behind what is unread: a short read is not the end of it.</summary>
    private const int PeerShutdown = 8;

    /// <summary>recv has returned 0: what else is reported about reading is repetition.</summary>
    private const int Ended = 16;

    private readonly SlabPool _slabs;
    private readonly SocketQueue _receives = new();
    private readonly IoVec[] _vectors = GC.AllocateArray<IoVec>(MaxVectors, pinned: true);
    private Slab? _slab;

    public EpollStreams(SlabPool slabs) => _slabs = slabs;

    public bool HasDeferredReceives => !_receives.IsEmpty;

    public void OnEvents(StreamSocket socket, uint events)
    {
        if (socket.IsConnecting && !TryCompleteConnect(socket, events))
        {
            return;
        }

        if ((events & Epoll.Out) != 0 && (socket.BackendState & WriteBlocked) != 0)
        {
            socket.BackendState &= ~WriteBlocked;
            socket.ScheduleFlush();
        }

        if ((events & (Epoll.In | Epoll.RdHup | Epoll.Hup | Epoll.Err)) != 0)
        {
            OnReadable(socket, events);
        }
    }

    /// <summary>Queues a receive if there may be something; it runs after the events of this iteration, or in the next.</summary>
    public void DeferReceive(StreamSocket socket)
    {
        if ((socket.BackendState & (Readable | ReceiveQueued)) == Readable)
        {
            socket.BackendState |= ReceiveQueued;
            _receives.Add(socket);
        }
    }

    public void DeliverDeferred()
    {
        if (_receives.IsEmpty)
        {
            return;
        }

        _receives.BeginTurn();
        int cursor = 0;
        while (_receives.TryNext(ref cursor, out StreamSocket socket))
        {
            socket.BackendState &= ~ReceiveQueued;
            // An event of this iteration may have drained the socket already.
            if (!socket.IsReadingPaused && (socket.BackendState & Readable) != 0)
            {
                Receive(socket);
            }
        }
    }

    public void Send(StreamSocket socket)
    {
        if ((socket.BackendState & WriteBlocked) != 0)
        {
            return;
        }

        int incarnation = socket.Incarnation;
        while (true)
        {
            nint sent = socket.Output.SliceCount == 1 ? SendOne(socket, out nint asked) : SendMany(socket, out asked);
            if (sent < 0)
            {
                Errno error = Sys.LastError;
                if (error == Errno.EINTR)
                {
                    continue;
                }

                if (error == Errno.EAGAIN)
                {
                    socket.BackendState |= WriteBlocked;
                }
                else
                {
                    socket.DeferError((int)error);
                }

                return;
            }

            if (sent < asked)
            {
                // The kernel's buffer is full: it remembers that we met its end, and an edge follows.
                socket.BackendState |= WriteBlocked;
            }

            socket.CompleteSend(sent);
            // More than one call's worth of slices may wait. What the owner appended meanwhile goes along.
            if (sent < asked || socket.Incarnation != incarnation || socket.Output.IsEmpty)
            {
                return;
            }
        }
    }

    public void Dispose() => _slab?.Release();

    private static bool TryCompleteConnect(StreamSocket socket, uint events)
    {
        if ((events & (Epoll.Out | Epoll.Err | Epoll.Hup)) == 0)
        {
            return false;
        }

        if ((events & (Epoll.Err | Epoll.Hup)) != 0 && TakeError(socket) is not Errno.Ok and var error)
        {
            socket.CompleteError((int)error);
            return false;
        }

        int incarnation = socket.Incarnation;
        socket.CompleteConnect();
        return socket.Incarnation == incarnation;
    }

    private void OnReadable(StreamSocket socket, uint events)
    {
        if ((socket.BackendState & Ended) != 0)
        {
            ReportError(socket, events);
            return;
        }

        bool isPeerShutdown = (events & (Epoll.RdHup | Epoll.Hup)) != 0;
        bool isNews = isPeerShutdown && (socket.BackendState & PeerShutdown) == 0;
        socket.BackendState |= isPeerShutdown ? Readable | PeerShutdown : Readable;
        if (!socket.IsReadingPaused)
        {
            Receive(socket);
            return;
        }

        if (!ReportError(socket, events) && isNews)
        {
            socket.CompletePeerShutdown();
        }
    }

    /// <summary>A reset ends the connection whether or not anybody reads.</summary>
    private static bool ReportError(StreamSocket socket, uint events)
    {
        if ((events & Epoll.Err) == 0 || TakeError(socket) is var error && error == Errno.Ok)
        {
            return false;
        }

        socket.CompleteError((int)error);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Receive(StreamSocket socket)
    {
        int incarnation = socket.Incarnation;
        int reads = ReadsPerTurn;
        while (true)
        {
            Slab slab = _slab ??= _slabs.Rent();
            nint n = Sys.Recv(socket.Fd, slab.Pointer, slab.Size, 0);
            if (n <= 0)
            {
                Errno error = n == 0 ? Errno.Ok : Sys.LastError;
                if (error == Errno.EINTR)
                {
                    continue;
                }

                OnNothing(socket, error);
                return;
            }

            // A short read drained the socket; the next byte is a new edge. Settled before the call: the owner may pause.
            bool isDrained = n < slab.Size && (socket.BackendState & PeerShutdown) == 0;
            if (isDrained)
            {
                socket.BackendState &= ~Readable;
            }

            socket.CompleteReceive(new Slice(slab, 0, (int)n));
            if (!slab.IsExclusive)
            {
                slab.Release();
                _slab = null;
            }

            if (isDrained || socket.Incarnation != incarnation || socket.IsReadingPaused)
            {
                return;
            }

            if (--reads == 0)
            {
                DeferReceive(socket);
                return;
            }
        }
    }

    /// <summary>recv brought no bytes: the end, nothing yet, or a failure.</summary>
    private static void OnNothing(StreamSocket socket, Errno error)
    {
        socket.BackendState &= ~Readable;
        if (error == Errno.Ok)
        {
            socket.BackendState |= Ended;
            socket.CompleteEnd();
        }
        else if (error != Errno.EAGAIN)
        {
            socket.CompleteError((int)error);
        }
    }

    private static Errno TakeError(StreamSocket socket)
    {
        int error = 0;
        uint length = sizeof(int);
        _ = Sys.GetSockOpt(socket.Fd, SockOpt.LevelSocket, SockOpt.Error, &error, &length);
        return (Errno)error;
    }

    private static nint SendOne(StreamSocket socket, out nint asked)
    {
        Slice slice = socket.Output.SliceAt(0);
        asked = slice.Length;
        return Sys.Send(socket.Fd, slice.Slab.Pointer + slice.Offset, asked, Sock.MsgNoSignal);
    }

    private nint SendMany(StreamSocket socket, out nint asked)
    {
        BufferChain output = socket.Output;
        int count = Math.Min(output.SliceCount, MaxVectors);
        var vectors = (IoVec*)Unsafe.AsPointer(ref _vectors[0]);
        asked = 0;
        for (int i = 0; i < count; i++)
        {
            Slice slice = output.SliceAt(i);
            vectors[i].Base = slice.Slab.Pointer + slice.Offset;
            vectors[i].Length = slice.Length;
            asked += slice.Length;
        }

        var message = new MsgHdr { Vectors = vectors, VectorCount = count };
        return Sys.SendMsg(socket.Fd, &message, Sock.MsgNoSignal);
    }
}
