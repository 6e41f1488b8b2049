using System;
using Sidecar.Core.Stats;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Network.Addresses;
using Sidecar.Network.Connections;
using Sidecar.Network.Sockets;

namespace Sidecar.Network.Listeners;

/// <summary>
/// A listener on one worker: its accepting socket and the generation of configuration that new connections get. Thread: its worker.
/// </summary>
internal sealed class WorkerListener : AcceptHandler
{
    private readonly Worker _worker;
    private readonly ConnectionLimit _globalLimit;
    private readonly AcceptSocket _socket;
    private readonly Address _localAddress;

    public WorkerListener(Worker worker, int fd, ListenerGeneration generation, ConnectionLimit globalLimit)
    {
        _worker = worker;
        _globalLimit = globalLimit;
        _localAddress = generation.BoundAddress;
        Current = new WorkerListenerGeneration(worker, generation);
        _socket = worker.Dispatcher.Listen(fd, this);
    }

    /// <summary>What new connections get.</summary>
    public WorkerListenerGeneration Current { get; private set; }

    /// <summary>New connections get another generation; those of the old one go on with it.</summary>
    public void Update(ListenerGeneration generation) => Current = new WorkerListenerGeneration(_worker, generation);

    /// <summary>
    /// Stops accepting. What waits in this socket's queue is accepted first: closing the socket would reset clients whose
    /// connection the kernel has already acknowledged.
    /// </summary>
    public unsafe void Stop()
    {
        if (!_socket.IsOpen)
        {
            return;
        }

        int fd = _socket.Detach();
        byte* peer = stackalloc byte[Sock.MaxSockaddrBytes];
        while (true)
        {
            uint length = Sock.MaxSockaddrBytes;
            int accepted = Sys.Accept4(fd, peer, &length, Sock.NonBlock | Sock.CloseOnExec);
            if (accepted < 0)
            {
                break;
            }

            OnAccepted(accepted, new ReadOnlySpan<byte>(peer, (int)Math.Min(length, Sock.MaxSockaddrBytes)));
        }

        _ = Sys.Close(fd);
    }

    public override void OnAccepted(int fd, ReadOnlySpan<byte> peerSockaddr)
    {
        WorkerListenerGeneration generation = Current;
        StatBlock stats = generation.Stats;
        if (!TryTakeLimits(generation, stats))
        {
            _ = Sys.Close(fd);
            return;
        }

        Address remote = Address.FromSockaddr(peerSockaddr);
        Address local = generation.ListensOnAny ? SocketFactory.LocalAddress(fd) : _localAddress;
        if (remote.IsIp)
        {
            SocketFactory.TrySet(fd, SockOpt.LevelTcp, SockOpt.TcpNoDelay, 1);
        }

        var info = new ConnectionInfo
        {
            ConnectionId = _worker.NextConnectionId(),
            LocalAddress = local,
            RemoteAddress = remote,
            DirectRemoteAddress = remote,
            StartNs = _worker.Dispatcher.NowNs,
        };
        generation.Start(fd, info, generation.Generation.Model.IgnoreGlobalConnectionLimit ? null : _globalLimit);
    }

    private bool TryTakeLimits(WorkerListenerGeneration generation, StatBlock stats)
    {
        if (!generation.Generation.Limit.TryTake())
        {
            stats.Increment((int)ListenerStat.DownstreamCxOverflow);
            return false;
        }

        if (!generation.Generation.Model.IgnoreGlobalConnectionLimit && !_globalLimit.TryTake())
        {
            generation.Generation.Limit.Return();
            stats.Increment((int)ListenerStat.DownstreamGlobalCxOverflow);
            return false;
        }

        return true;
    }
}
