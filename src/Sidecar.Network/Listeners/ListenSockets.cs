using System;
using Sidecar.Event.Native;
using Sidecar.Network.Addresses;
using Sidecar.Network.Sockets;

namespace Sidecar.Network.Listeners;

/// <summary>
/// A listener's descriptors, one a worker; made on main before the workers hear of the listener, so that a port in use is an error of
/// the configuration. They outlive changes of the listener's filter chains. Thread: main; each descriptor is handed to one worker.
/// </summary>
public sealed class ListenSockets
{
    private readonly int[] _fds;

    private ListenSockets(Address address, int[] fds)
    {
        Address = address;
        _fds = fds;
    }

    /// <summary>What the sockets are bound to, with the port that the kernel chose when 0 was asked for.</summary>
    public Address Address { get; }

    /// <summary>The worker's descriptor.</summary>
    public int For(int worker) => _fds[worker];

    /// <summary>Binds; null and a message when it fails.</summary>
    public static ListenSockets? TryCreate(ListenerModel model, int workers, out string error)
    {
        var fds = new int[workers];
        SocketOption[] options = [.. model.SocketOptions];
        bool reusePort = model.ReusePort && model.Address.IsIp;
        Address address = model.Address;
        for (int i = 0; i < workers; i++)
        {
            Errno errno = Errno.Ok;
            if (i == 0 || reusePort)
            {
                fds[i] = SocketFactory.CreateListening(address, reusePort, model.TcpBacklogSize, options, out errno);
            }
            else
            {
                fds[i] = Sys.Dup(fds[0]);
                errno = fds[i] < 0 ? Sys.LastError : Errno.Ok;
            }

            if (fds[i] < 0)
            {
                error = $"cannot bind '{model.Address}': {ErrnoText.Of(errno)}";
                CloseAll(fds.AsSpan(0, i));
                return null;
            }

            if (i == 0)
            {
                // With port 0 the kernel chooses once; the other workers' sockets join it.
                address = SocketFactory.LocalAddress(fds[0]) is { IsIp: true } bound ? bound : address;
            }
        }

        error = string.Empty;
        return new ListenSockets(address, fds);
    }

    /// <summary>Closes descriptors that were never handed to a worker.</summary>
    public void Close() => CloseAll(_fds);

    private static void CloseAll(ReadOnlySpan<int> fds)
    {
        foreach (int fd in fds)
        {
            _ = Sys.Close(fd);
        }
    }
}
