using System;
using Sidecar.Core.Buffers;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;
using Sidecar.Event.Timers;

namespace Sidecar.Event.Tests.Io;

/// <summary>The steady state allocates nothing on the managed heap.</summary>
public sealed class AllocationTests
{
    private const int WarmUps = 2_000;
    private const int Rounds = 20_000;

    [Fact]
    public void Echo_KeepAliveConnections_AllocatesNothing()
    {
        using var loop = new TestLoop();
        var buffer = new byte[2048];
        var sockets = new StreamSocket[8];
        var peers = new int[sockets.Length];
        for (int i = 0; i < sockets.Length; i++)
        {
            (int ours, peers[i]) = TestSockets.TcpPair();
            var echo = new Echo(loop.Dispatcher);
            sockets[i] = loop.Dispatcher.Adopt(ours, echo);
            echo.Socket = sockets[i];
        }

        Exchange(loop.Dispatcher, peers, buffer, WarmUps);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(loop.Dispatcher, peers, buffer, Rounds);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        for (int i = 0; i < sockets.Length; i++)
        {
            sockets[i].Close();
            Sys.Close(peers[i]);
        }
    }

    [Fact]
    public void Sockets_OpenedAndClosed_AllocateNothing()
    {
        using var loop = new TestLoop();
        var handler = new Echo(loop.Dispatcher);
        OpenAndClose(loop.Dispatcher, handler, 200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OpenAndClose(loop.Dispatcher, handler, 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    private static void OpenAndClose(Dispatcher dispatcher, Echo handler, int times)
    {
        for (int i = 0; i < times; i++)
        {
            int fd = TestSockets.NonBlockingTcp();
            StreamSocket socket = dispatcher.Adopt(fd, handler);
            socket.Output.Append("x"u8);
            socket.Close();
            dispatcher.Run(RunType.NonBlock);
        }
    }

    private static unsafe void Exchange(Dispatcher dispatcher, int[] peers, byte[] buffer, int times)
    {
        fixed (byte* p = buffer)
        {
            for (int i = 0; i < times; i++)
            {
                int peer = peers[i % peers.Length];
                Sys.Send(peer, p, 1024, Sock.MsgNoSignal);
                int left = 1024;
                while (left > 0)
                {
                    dispatcher.RunOnce(maxWaitMs: 1000);
                    nint n = Sys.Recv(peer, p, buffer.Length, Sock.MsgDontWait);
                    left -= n > 0 ? (int)n : 0;
                }
            }
        }
    }

    /// <summary>Answers with what came, re-arming an idle timer as a connection does.</summary>
    private sealed class Echo : StreamHandler
    {
        private readonly Timer _idle;

        public Echo(Dispatcher dispatcher) => _idle = dispatcher.CreateTimer(new LambdaTimer(_ => Assert.Fail("idle")));

        public StreamSocket? Socket { get; set; }

        public override void OnConnected()
        {
        }

        public override void OnData(in Slice data)
        {
            _idle.Enable(60_000);
            Socket!.Output.Append(in data);
            Socket.ScheduleFlush();
        }

        public override void OnEndOfStream()
        {
        }

        public override void OnClosed(int errno)
        {
        }

        public override void OnSent(long bytes)
        {
        }
    }
}
