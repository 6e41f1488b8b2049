using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sidecar.Event.Native;

namespace Sidecar.Event.Io;

/// <summary>
/// The seam on epoll(7). Streams are registered once, edge-triggered for everything, and never touched by epoll_ctl again;
/// acceptors and files are level-triggered. Thread: the dispatcher's.
/// </summary>
internal sealed unsafe class EpollBackend : IoBackend
{
    private const int BatchSize = 256;

    /// <summary>User data of the wake-up descriptor.</summary>
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wake;
    private readonly byte* _events;
    private readonly int _stride = EpollEventLayout.Stride;
    private readonly int _dataOffset = EpollEventLayout.DataOffset;
    private readonly byte* _peerAddress;
    private readonly EpollStreams _streams;
    private IoSource?[] _sources = new IoSource?[256];
    private uint[] _generations = new uint[256];
    private int[] _freeSlots = new int[256];
    private int _freeCount;
    private int _usedSlots;
    private int _readyCount;
    private int _sourceCount;

    public EpollBackend(Dispatcher dispatcher)
    {
        _streams = new EpollStreams(dispatcher.Memory.ReceiveSlabs);
        _events = (byte*)NativeMemory.AllocZeroed((nuint)(_stride * BatchSize));
        _peerAddress = (byte*)NativeMemory.AllocZeroed(Sock.MaxSockaddrBytes);
        _epoll = Sys.EpollCreate1(Epoll.CloseOnExec);
        _wake = Sys.EventFd(0, FileFlags.NonBlock | FileFlags.CloseOnExec);
        if (_epoll < 0 || _wake < 0)
        {
            throw new InvalidOperationException($"epoll_create1 or eventfd: {Sys.LastError}");
        }

        // Edge-triggered and never read: each write is a new edge, and a read would cost a call.
        Control(Epoll.Add, _wake, Epoll.In | Epoll.EdgeTriggered, WakeData);
    }

    public override int SourceCount => _sourceCount;

    public override bool HasDeferredWork => _streams.HasDeferredReceives;

    public override void Wait(int timeoutMs)
    {
        int n = Sys.EpollWait(_epoll, _events, BatchSize, timeoutMs);
        if (n < 0)
        {
            Errno error = Sys.LastError;
            if (error != Errno.EINTR)
            {
                throw new InvalidOperationException($"epoll_wait: {error}");
            }

            n = 0;
        }

        _readyCount = n;
    }

    public override void Deliver()
    {
        byte* next = _events;
        for (int i = 0; i < _readyCount; i++, next += _stride)
        {
            ulong data = Unsafe.ReadUnaligned<ulong>(next + _dataOffset);
            uint slot = (uint)data;
            // An event of an earlier owner of the slot (closed a moment ago in this batch) has an old generation.
            if (slot < (uint)_usedSlots && _generations[slot] == (uint)(data >> 32) && _sources[slot] is { } source)
            {
                Dispatch(source, Unsafe.ReadUnaligned<uint>(next));
            }
        }

        _readyCount = 0;
    }

    public override void DeliverDeferred() => _streams.DeliverDeferred();

    public override void Wake()
    {
        ulong one = 1;
        _ = Sys.Write(_wake, &one, sizeof(ulong));
    }

    public override void Add(IoSource source)
    {
        int slot = TakeSlot(source);
        ulong data = ((ulong)_generations[slot] << 32) | (uint)slot;
        Control(Epoll.Add, source.Fd, InterestOf(source), data);
    }

    public override void Remove(IoSource source)
    {
        int slot = source.Slot;
        if (slot == IoSource.NoSlot)
        {
            return;
        }

        if (source.Kind != IoSourceKind.Stream)
        {
            // A stream's descriptor is closed next, which ends its registration; others may live on, or have duplicates.
            Control(Epoll.Delete, source.Fd, 0, 0);
        }

        source.Slot = IoSource.NoSlot;
        _sources[slot] = null;
        _generations[slot]++;
        _freeSlots[_freeCount++] = slot;
        _sourceCount--;
    }

    public override void Connect(StreamSocket socket, ReadOnlySpan<byte> sockaddr)
    {
        int result;
        fixed (byte* address = sockaddr)
        {
            result = Sys.Connect(socket.Fd, address, (uint)sockaddr.Length);
        }

        Errno error = result == 0 ? Errno.Ok : Sys.LastError;
        if (error is Errno.Ok or Errno.EINPROGRESS or Errno.EINTR)
        {
            // Registered only now: an unconnected socket would report a hang-up. The first edge tells the outcome.
            Add(socket);
            return;
        }

        socket.DeferError((int)error);
    }

    public override void Receive(StreamSocket socket) => _streams.DeferReceive(socket);

    public override void Send(StreamSocket socket) => _streams.Send(socket);

    public override void Update(IoSource source)
    {
        ulong data = ((ulong)_generations[source.Slot] << 32) | (uint)source.Slot;
        Control(Epoll.Modify, source.Fd, InterestOf(source), data);
    }

    public override void Dispose()
    {
        _streams.Dispose();
        _ = Sys.Close(_wake);
        _ = Sys.Close(_epoll);
        NativeMemory.Free(_events);
        NativeMemory.Free(_peerAddress);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Dispatch(IoSource source, uint events)
    {
        switch (source.Kind)
        {
            case IoSourceKind.Stream:
                _streams.OnEvents(Unsafe.As<StreamSocket>(source), events);
                break;
            case IoSourceKind.Acceptor:
                Accept(Unsafe.As<AcceptSocket>(source));
                break;
            default:
                Unsafe.As<FileEvent>(source).Complete(ReadinessOf(events));
                break;
        }
    }

    private void Accept(AcceptSocket acceptor)
    {
        for (int i = 0; i < AcceptSocket.BatchSize && acceptor.IsOpen && acceptor.IsAccepting; i++)
        {
            uint length = Sock.MaxSockaddrBytes;
            int fd = Sys.Accept4(acceptor.Fd, _peerAddress, &length, Sock.NonBlock | Sock.CloseOnExec);
            if (fd >= 0)
            {
                acceptor.CompleteAccept(fd, new ReadOnlySpan<byte>(_peerAddress, (int)Math.Min(length, Sock.MaxSockaddrBytes)));
                continue;
            }

            Errno error = Sys.LastError;
            if (error == Errno.EAGAIN)
            {
                return;
            }

            if (!IsOfOneConnection(error))
            {
                // Out of descriptors or memory, or not a listener any more: the event stays up, so going on would spin.
                acceptor.CompleteError(error);
                return;
            }
        }
    }

    /// <summary>accept(2) reports errors already pending on the new connection, and refusals by the firewall: pass over to the next.</summary>
    private static bool IsOfOneConnection(Errno error) => error is Errno.EINTR or Errno.ECONNABORTED or Errno.EPERM or Errno.EPROTO
        or Errno.EOPNOTSUPP or Errno.ENETDOWN or Errno.ENETUNREACH or Errno.EHOSTDOWN or Errno.EHOSTUNREACH;

    private static uint InterestOf(IoSource source) => source.Kind switch
    {
        IoSourceKind.Stream => Epoll.In | Epoll.Out | Epoll.RdHup | Epoll.EdgeTriggered,
        IoSourceKind.Acceptor => Unsafe.As<AcceptSocket>(source).IsAccepting ? Epoll.In : 0,
        _ => InterestOf(Unsafe.As<FileEvent>(source).Interest),
    };

    private static uint InterestOf(FileReadiness interest) =>
        ((interest & FileReadiness.Read) != 0 ? Epoll.In | Epoll.RdHup : 0)
        | ((interest & FileReadiness.Write) != 0 ? Epoll.Out : 0)
        | ((interest & FileReadiness.EdgeTriggered) != 0 ? Epoll.EdgeTriggered : 0);

    private static FileReadiness ReadinessOf(uint events) =>
        ((events & Epoll.In) != 0 ? FileReadiness.Read : FileReadiness.None)
        | ((events & Epoll.Out) != 0 ? FileReadiness.Write : FileReadiness.None)
        | ((events & (Epoll.Err | Epoll.Hup | Epoll.RdHup)) != 0 ? FileReadiness.Closed : FileReadiness.None);

    private int TakeSlot(IoSource source)
    {
        Debug.Assert(source.Slot == IoSource.NoSlot, "a source is added once");
        if (_freeCount == 0 && _usedSlots == _sources.Length)
        {
            int size = _usedSlots * 2;
            Array.Resize(ref _sources, size);
            Array.Resize(ref _generations, size);
            Array.Resize(ref _freeSlots, size);
        }

        int slot = _freeCount > 0 ? _freeSlots[--_freeCount] : _usedSlots++;
        _sources[slot] = source;
        source.Slot = slot;
        _sourceCount++;
        return slot;
    }

    private void Control(int operation, int fd, uint interest, ulong data)
    {
        byte* request = stackalloc byte[16];
        Unsafe.WriteUnaligned(request, interest);
        Unsafe.WriteUnaligned(request + _dataOffset, data);
        if (Sys.EpollCtl(_epoll, operation, fd, request) != 0)
        {
            throw new InvalidOperationException($"epoll_ctl({operation}, fd {fd}): {Sys.LastError}");
        }
    }
}
