using System;
using System.Threading;
using Sidecar.Core.Buffers;
using Sidecar.Event.Native;

namespace Sidecar.Event.Tests.Harness;

/// <summary>A byte sequence in which every position can be told: what is lost, doubled or swapped shows.</summary>
internal static class Pattern
{
    /// <summary>A prime, so that it fits no buffer's size.</summary>
    private const int Period = 1_000_003;

    private static readonly byte[] s_bytes = Make();

    /// <summary>Sends the pattern with blocking calls.</summary>
    public static void Write(int fd, int total)
    {
        int sent = 0;
        while (sent < total)
        {
            int n = Math.Min(total - sent, Math.Min(Period - (sent % Period), 200_000));
            sent += Send(fd, s_bytes.AsSpan(sent % Period, n));
        }
    }

    /// <summary>Sends the pattern until a non-blocking socket takes no more; returns the bytes sent.</summary>
    public static int Fill(int fd)
    {
        int sent = 0;
        while (true)
        {
            int n = Send(fd, s_bytes.AsSpan(0, 50_000));
            if (n < 0)
            {
                return sent;
            }

            sent += n;
        }
    }

    public static void Append(BufferChain chain, int total)
    {
        for (int done = 0; done < total;)
        {
            int n = Math.Min(total - done, Period - (done % Period));
            chain.Append(s_bytes.AsSpan(done % Period, n));
            done += n;
        }
    }

    public static bool Matches(ReadOnlySpan<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            int at = (int)(position % Period);
            int n = Math.Min(bytes.Length, Period - at);
            if (!bytes[..n].SequenceEqual(s_bytes.AsSpan(at, n)))
            {
                return false;
            }

            bytes = bytes[n..];
            position += n;
        }

        return true;
    }

    private static unsafe int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            return (int)Sys.Send(fd, p, bytes.Length, Sock.MsgNoSignal);
        }
    }

    private static byte[] Make()
    {
        var bytes = new byte[Period];
        new Random(20300101).NextBytes(bytes);
        return bytes;
    }
}

/// <summary>Reads the pattern from a blocking descriptor on a thread of its own.</summary>
internal sealed class PatternReader
{
    private readonly Thread _thread;
    private bool _isIntact;

    public PatternReader(int fd, int total) => _thread = new Thread(() => _isIntact = Read(fd, total));

    public void Start() => _thread.Start();

    /// <summary>True when everything came and was right.</summary>
    public bool Join()
    {
        _thread.Join();
        return _isIntact;
    }

    private static bool Read(int fd, int total)
    {
        var buffer = new byte[300_000];
        long done = 0;
        while (done < total)
        {
            int n = TestSockets.Receive(fd, buffer);
            if (n <= 0 || !Pattern.Matches(buffer.AsSpan(0, n), done))
            {
                return false;
            }

            done += n;
        }

        return true;
    }
}
