using System;
using System.Text;
using Sidecar.Event.Native;

namespace Sidecar.Event.Files;

/// <summary>
/// A file opened for appending (O_APPEND: others may rotate it by copy and truncate). <c>/dev/stdout</c> and <c>/dev/stderr</c> are the
/// process's own, also when they are sockets, which open(2) refuses. Writes block: not for a worker. Thread: one at a time.
/// </summary>
public sealed unsafe class AppendFile : IDisposable
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const uint Mode = 0b110_100_100;

    private int _fd;

    private AppendFile(int fd) => _fd = fd;

    /// <summary>Opens or creates a file; null with the reason when that fails.</summary>
    public static AppendFile? TryOpen(string path, out Errno error)
    {
        int fd = path switch
        {
            "/dev/stdout" => Sys.Dup(1),
            "/dev/stderr" => Sys.Dup(2),
            _ => Open(path),
        };
        error = fd < 0 ? Sys.LastError : Errno.Ok;
        return fd < 0 ? null : new AppendFile(fd);
    }

    /// <summary>Writes everything; false with the reason when the file takes no more.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes, out Errno error)
    {
        error = Errno.Ok;
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Sys.Write(_fd, start, bytes.Length);
            }

            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            error = Sys.LastError;
            if (error != Errno.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Sys.Close(_fd);
            _fd = -1;
        }
    }

    private static int Open(string path)
    {
        byte[] text = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* start = text)
        {
            return Sys.Open(start, WriteOnly | Create | Append | CloseOnExec, Mode);
        }
    }
}
