using System;
using System.Buffers.Binary;
using Sidecar.Event.Native;

namespace Sidecar.Event.Tests.Harness;

/// <summary>Descriptors for tests: pairs, loopback listeners, and a peer that uses plain calls.</summary>
internal static unsafe class TestSockets
{
    /// <summary>A Unix socket pair: ours non-blocking, the peer's blocking.</summary>
    public static (int Ours, int Peer) Pair()
    {
        int* fds = stackalloc int[2];
        Assert.Equal(0, Sys.SocketPair(Af.Unix, Sock.Stream | Sock.CloseOnExec, 0, fds));
        SetNonBlocking(fds[0]);
        return (fds[0], fds[1]);
    }

    /// <summary>A connected TCP pair over loopback: ours non-blocking, the peer's blocking.</summary>
    public static (int Ours, int Peer) TcpPair()
    {
        (int listener, byte[] address) = ListenTcp();
        int peer = Sys.Socket(Af.Inet, Sock.Stream | Sock.CloseOnExec, 0);
        fixed (byte* a = address)
        {
            Assert.Equal(0, Sys.Connect(peer, a, (uint)address.Length));
        }

        int ours = Sys.Accept4(listener, null, null, Sock.NonBlock | Sock.CloseOnExec);
        Assert.True(ours >= 0);
        Sys.Close(listener);
        return (ours, peer);
    }

    /// <summary>A listening, non-blocking socket on 127.0.0.1 and its address (blocking accept is wanted by nobody).</summary>
    public static (int Fd, byte[] Address) ListenTcp(bool nonBlocking = false)
    {
        int fd = Sys.Socket(Af.Inet, Sock.Stream | Sock.CloseOnExec | (nonBlocking ? Sock.NonBlock : 0), 0);
        byte[] address = Loopback(0);
        fixed (byte* a = address)
        {
            Assert.Equal(0, Sys.Bind(fd, a, (uint)address.Length));
            Assert.Equal(0, Sys.Listen(fd, 1024));
            uint length = (uint)address.Length;
            Assert.Equal(0, Sys.GetSockName(fd, a, &length));
        }

        return (fd, address);
    }

    public static int NonBlockingTcp() => Sys.Socket(Af.Inet, Sock.Stream | Sock.NonBlock | Sock.CloseOnExec, 0);

    public static int BlockingConnect(byte[] address)
    {
        int fd = Sys.Socket(Af.Inet, Sock.Stream | Sock.CloseOnExec, 0);
        fixed (byte* a = address)
        {
            Assert.Equal(0, Sys.Connect(fd, a, (uint)address.Length));
        }

        return fd;
    }

    public static byte[] Loopback(int port)
    {
        var address = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(address, Af.Inet);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        address[4] = 127;
        address[7] = 1;
        return address;
    }

    public static void Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            Assert.Equal(bytes.Length, Sys.Send(fd, p, bytes.Length, Sock.MsgNoSignal));
        }
    }

    /// <summary>One recv; 0 is the end, negative is -errno.</summary>
    public static int Receive(int fd, Span<byte> buffer, int flags = 0)
    {
        fixed (byte* p = buffer)
        {
            nint n = Sys.Recv(fd, p, buffer.Length, flags);
            return n >= 0 ? (int)n : -(int)Sys.LastError;
        }
    }

    public static void SetNonBlocking(int fd)
    {
        int flags = Sys.Fcntl(fd, FileFlags.GetFlags, 0);
        Assert.Equal(0, Sys.Fcntl(fd, FileFlags.SetFlags, flags | FileFlags.NonBlock));
    }

    public static void SetBuffer(int fd, int option, int bytes) =>
        Assert.Equal(0, Sys.SetSockOpt(fd, SockOpt.LevelSocket, option, &bytes, sizeof(int)));

    /// <summary>Closes with RST.</summary>
    public static void Reset(int fd)
    {
        var linger = new LingerOption { OnOff = 1 };
        Assert.Equal(0, Sys.SetSockOpt(fd, SockOpt.LevelSocket, SockOpt.Linger, &linger, (uint)sizeof(LingerOption)));
        Sys.Close(fd);
    }
}
