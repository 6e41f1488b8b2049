using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace Sidecar.Event.Native;

// Sidecar.Network makes its sockets with these calls; wrappers would only rename them.
#pragma warning disable CA1401

/// <summary>
/// The C library's calls, unwrapped and blittable: -1 means failure, the reason is in <see cref="LastError"/>. Thread: any.
/// </summary>
public static unsafe partial class Sys
{
    private const string LibC = "libc";

    /// <summary>errno of the last failed call of this thread; read it before any other call.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastSystemError();

    [LibraryImport(LibC, EntryPoint = "socket")]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(LibC, EntryPoint = "socketpair")]
    public static partial int SocketPair(int domain, int type, int protocol, int* fds);

    [LibraryImport(LibC, EntryPoint = "bind")]
    public static partial int Bind(int fd, void* address, uint length);

    [LibraryImport(LibC, EntryPoint = "listen")]
    public static partial int Listen(int fd, int backlog);

    [LibraryImport(LibC, EntryPoint = "connect")]
    public static partial int Connect(int fd, void* address, uint length);

    [LibraryImport(LibC, EntryPoint = "accept4")]
    public static partial int Accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(LibC, EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int fd, int level, int name, void* value, uint length);

    [LibraryImport(LibC, EntryPoint = "getsockopt")]
    public static partial int GetSockOpt(int fd, int level, int name, void* value, uint* length);

    [LibraryImport(LibC, EntryPoint = "getsockname")]
    public static partial int GetSockName(int fd, void* address, uint* length);

    [LibraryImport(LibC, EntryPoint = "getpeername")]
    public static partial int GetPeerName(int fd, void* address, uint* length);

    [LibraryImport(LibC, EntryPoint = "shutdown")]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport(LibC, EntryPoint = "close")]
    public static partial int Close(int fd);

    [LibraryImport(LibC, EntryPoint = "recv")]
    public static partial nint Recv(int fd, void* buffer, nint length, int flags);

    [LibraryImport(LibC, EntryPoint = "send")]
    public static partial nint Send(int fd, void* buffer, nint length, int flags);

    [LibraryImport(LibC, EntryPoint = "sendmsg")]
    public static partial nint SendMsg(int fd, MsgHdr* message, int flags);

    [LibraryImport(LibC, EntryPoint = "recvmsg")]
    public static partial nint RecvMsg(int fd, MsgHdr* message, int flags);

    [LibraryImport(LibC, EntryPoint = "writev")]
    public static partial nint WriteV(int fd, IoVec* vectors, int count);

    [LibraryImport(LibC, EntryPoint = "read")]
    public static partial nint Read(int fd, void* buffer, nint length);

    [LibraryImport(LibC, EntryPoint = "write")]
    public static partial nint Write(int fd, void* buffer, nint length);

    /// <summary>open(2); <paramref name="path"/> is UTF-8 with a final zero.</summary>
    [LibraryImport(LibC, EntryPoint = "open")]
    public static partial int Open(byte* path, int flags, uint mode);

    [LibraryImport(LibC, EntryPoint = "unlink")]
    public static partial int Unlink(byte* path);

    [LibraryImport(LibC, EntryPoint = "chmod")]
    public static partial int Chmod(byte* path, uint mode);

    [LibraryImport(LibC, EntryPoint = "pipe2")]
    public static partial int Pipe2(int* fds, int flags);

    [LibraryImport(LibC, EntryPoint = "fcntl")]
    public static partial int Fcntl(int fd, int command, nint argument);

    [LibraryImport(LibC, EntryPoint = "dup")]
    public static partial int Dup(int fd);

    [LibraryImport(LibC, EntryPoint = "eventfd")]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport(LibC, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate1(int flags);

    [LibraryImport(LibC, EntryPoint = "epoll_ctl")]
    public static partial int EpollCtl(int epoll, int operation, int fd, void* epollEvent);

    [LibraryImport(LibC, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, void* events, int count, int timeoutMs);

    [LibraryImport(LibC, EntryPoint = "inotify_init1")]
    public static partial int InotifyInit1(int flags);

    [LibraryImport(LibC, EntryPoint = "inotify_add_watch")]
    public static partial int InotifyAddWatch(int fd, byte* path, uint mask);

    [LibraryImport(LibC, EntryPoint = "inotify_rm_watch")]
    public static partial int InotifyRemoveWatch(int fd, int watch);

    [LibraryImport(LibC, EntryPoint = "sched_getaffinity")]
    public static partial int SchedGetAffinity(int pid, nint bytes, void* mask);

    [LibraryImport(LibC, EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    [LibraryImport(LibC, EntryPoint = "getpid")]
    public static partial int GetPid();
}
