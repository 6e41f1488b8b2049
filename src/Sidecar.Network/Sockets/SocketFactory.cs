using System;
using Sidecar.Event.Native;
using Sidecar.Network.Addresses;

namespace Sidecar.Network.Sockets;

/// <summary>Creates descriptors: the only place that knows socket(2) options by name. Thread: any; descriptors belong to the caller.</summary>
public static unsafe class SocketFactory
{
    private const int MaxSockaddr = 128;

    /// <summary>A non-blocking stream socket for an address's family, close-on-exec; -1 and the error when there is none.</summary>
    public static int CreateStream(Address address, out Errno error)
    {
        int fd = Sys.Socket(address.Family, Sock.Stream | Sock.NonBlock | Sock.CloseOnExec, 0);
        error = fd < 0 ? Sys.LastError : Errno.Ok;
        if (fd >= 0 && address.IsIp)
        {
            TrySet(fd, SockOpt.LevelTcp, SockOpt.TcpNoDelay, 1);
        }

        return fd;
    }

    /// <summary>A bound, listening socket; -1 and the error otherwise.</summary>
    /// <param name="address">Where. The file of a Unix domain socket is replaced.</param>
    /// <param name="reusePort">Share the port with this process's other workers' sockets.</param>
    /// <param name="backlog">The kernel's queue.</param>
    /// <param name="options">Further options.</param>
    /// <param name="error">What failed.</param>
    public static int CreateListening(Address address, bool reusePort, int backlog, ReadOnlySpan<SocketOption> options, out Errno error)
    {
        int fd = CreateStream(address, out error);
        if (fd < 0)
        {
            return -1;
        }

        if (address.IsIp)
        {
            TrySet(fd, SockOpt.LevelSocket, SockOpt.ReuseAddr, 1);
            if (address.Kind == AddressKind.Ipv6)
            {
                TrySet(fd, SockOpt.LevelIpv6, SockOpt.Ipv6Only, 1);
            }

            if (reusePort && !TrySet(fd, SockOpt.LevelSocket, SockOpt.ReusePort, 1))
            {
                return Fail(fd, out error);
            }
        }

        foreach (SocketOption option in options)
        {
            if (!TrySet(fd, option))
            {
                return Fail(fd, out error);
            }
        }

        if (!Bind(fd, address) || Sys.Listen(fd, backlog) != 0)
        {
            return Fail(fd, out error);
        }

        return fd;
    }

    /// <summary>The address that the kernel gave a socket (its port, when 0 was asked for).</summary>
    public static Address LocalAddress(int fd)
    {
        byte* buffer = stackalloc byte[MaxSockaddr];
        uint length = MaxSockaddr;
        return Sys.GetSockName(fd, buffer, &length) == 0
            ? Address.FromSockaddr(new ReadOnlySpan<byte>(buffer, (int)Math.Min(length, MaxSockaddr)))
            : Address.FromSockaddr(default);
    }

    /// <summary>Binds a socket to an address before it connects; false and errno when it fails.</summary>
    public static bool TryBindSource(int fd, Address source) => Bind(fd, source);

    public static bool TrySet(int fd, int level, int name, int value) => Sys.SetSockOpt(fd, level, name, &value, sizeof(int)) == 0;

    public static bool TrySet(int fd, SocketOption option)
    {
        fixed (byte* value = option.Value)
        {
            return Sys.SetSockOpt(fd, option.Level, option.Name, value, (uint)option.Value.Length) == 0;
        }
    }

    private static bool Bind(int fd, Address address)
    {
        fixed (byte* sockaddr = address.Sockaddr)
        {
            bool isFile = address.Kind == AddressKind.Pipe && address.Sockaddr.Length > 2 && sockaddr[2] != 0;
            if (isFile)
            {
                // A socket file that a former process left would make bind fail.
                _ = Sys.Unlink(sockaddr + 2);
            }

            if (Sys.Bind(fd, sockaddr, (uint)address.Sockaddr.Length) != 0)
            {
                return false;
            }

            return !isFile || address.PipeMode == 0 || Sys.Chmod(sockaddr + 2, address.PipeMode) == 0;
        }
    }

    private static int Fail(int fd, out Errno error)
    {
        error = Sys.LastError;
        _ = Sys.Close(fd);
        return -1;
    }
}
