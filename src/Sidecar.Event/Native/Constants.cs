namespace Sidecar.Event.Native;

/// <summary>Address families.</summary>
public static class Af
{
    public const int Unix = 1;
    public const int Inet = 2;
    public const int Inet6 = 10;
}

/// <summary>Socket types and the flags of socket(2), accept4(2), shutdown(2), send(2), recv(2).</summary>
public static class Sock
{
    public const int Stream = 1;
    public const int Datagram = 2;
    public const int NonBlock = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int ShutRead = 0;
    public const int ShutWrite = 1;
    public const int ShutBoth = 2;
    public const int MsgPeek = 0x2;
    public const int MsgDontWait = 0x40;
    public const int MsgNoSignal = 0x4000;
    public const int MsgMore = 0x8000;

    /// <summary>Bytes of the largest sockaddr (sockaddr_storage).</summary>
    public const int MaxSockaddrBytes = 128;
}

/// <summary>Levels and names of setsockopt(2).</summary>
public static class SockOpt
{
    public const int LevelSocket = 1;
    public const int LevelIp = 0;
    public const int LevelTcp = 6;
    public const int LevelIpv6 = 41;

    public const int ReuseAddr = 2;
    public const int Type = 3;
    public const int Error = 4;
    public const int SendBuffer = 7;
    public const int ReceiveBuffer = 8;
    public const int KeepAlive = 9;
    public const int OobInline = 10;
    public const int Linger = 13;
    public const int ReusePort = 15;
    public const int AcceptConn = 30;
    public const int Mark = 36;
    public const int Protocol = 38;
    public const int Domain = 39;
    public const int AttachReusePortCbpf = 51;
    public const int BindToDevice = 25;

    public const int TcpNoDelay = 1;
    public const int TcpKeepIdle = 4;
    public const int TcpKeepInterval = 5;
    public const int TcpKeepCount = 6;
    public const int TcpDeferAccept = 9;
    public const int TcpInfo = 11;
    public const int TcpUserTimeout = 18;
    public const int TcpFastOpen = 23;

    public const int IpTos = 1;
    public const int IpTransparent = 19;
    public const int IpFreeBind = 15;
    public const int IpBindAddressNoPort = 24;
    public const int OriginalDst = 80;
    public const int Ipv6Only = 26;
    public const int Ipv6TrafficClass = 67;
    public const int Ipv6Transparent = 75;
    public const int Ipv6FreeBind = 78;
}

/// <summary>Bits and operations of epoll(7).</summary>
public static class Epoll
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Err = 0x8;
    public const uint Hup = 0x10;
    public const uint RdHup = 0x2000;
    public const uint EdgeTriggered = 1u << 31;
    public const int Add = 1;
    public const int Delete = 2;
    public const int Modify = 3;
    public const int CloseOnExec = 0x80000;
}

/// <summary>Flags of open(2), fcntl(2), pipe2(2) and eventfd(2).</summary>
public static class FileFlags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Truncate = 0x200;
    public const int Append = 0x400;
    public const int NonBlock = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int GetFlags = 3;
    public const int SetFlags = 4;
}

/// <summary>Events of inotify(7).</summary>
public static class Inotify
{
    public const uint Modify = 0x2;
    public const uint CloseWrite = 0x8;
    public const uint MovedTo = 0x80;
    public const uint Create = 0x100;
    public const uint Delete = 0x200;
    public const uint QueueOverflow = 0x4000;
    public const uint Ignored = 0x8000;
    public const int NonBlock = 0x800;
    public const int CloseOnExec = 0x80000;
}

/// <summary>Signal numbers (asm-generic).</summary>
public static class Signal
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int User1 = 10;
    public const int User2 = 12;
    public const int Pipe = 13;
    public const int Terminate = 15;
}
