using System;
using System.Threading;
using Sidecar.Core.Buffers;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

/// <summary>Back-pressure both ways, and that no edge is ever lost.</summary>
public sealed class FlowTests
{
    [Fact]
    public void Pause_DataArrivesMeanwhile_ResumeDeliversAllOfIt()
    {
        using var loop = new TestLoop();
        var handler = new RecordingStream();
        (int ours, int peer) = TestSockets.Pair();
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        socket.PauseReading();
        TestSockets.Send(peer, "one "u8);
        loop.Settle();
        TestSockets.Send(peer, "two"u8);
        loop.Settle();
        Assert.Empty(handler.Received);

        socket.ResumeReading();
        Assert.Empty(handler.Received);
        loop.Run();

        Assert.Equal("one two", handler.Text);
        Close(loop, socket, peer);
    }

    [Fact]
    public void Pause_InsideOnData_HoldsTheRestUntilResume()
    {
        using var loop = new TestLoop();
        var handler = new RecordingStream();
        (int ours, int peer) = TestSockets.Pair();
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        handler.WhenData = _ => socket.PauseReading();
        TestSockets.Send(peer, new byte[100_000]);
        loop.Settle();
        int first = handler.Received.Count;
        Assert.Equal(SlabPool.ReceiveSlabBytes, first);

        handler.WhenData = null;
        socket.ResumeReading();
        loop.Run();

        Assert.Equal(100_000, handler.Received.Count);
        Close(loop, socket, peer);
    }

    [Fact]
    public void Pause_EveryRead_TransferLosesNothing()
    {
        const int total = 3_000_000;
        using var loop = new TestLoop();
        var handler = new CheckingReader();
        (int ours, int peer) = TestSockets.TcpPair();
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        handler.WhenData = socket.PauseReading;
        var writer = new Thread(() => Pattern.Write(peer, total));
        writer.Start();

        loop.RunUntil(
            () =>
            {
                if (socket.IsReadingPaused)
                {
                    socket.ResumeReading();
                }

                return handler.Bytes == total;
            },
            "all bytes");

        writer.Join();
        Assert.True(handler.IsIntact);
        Close(loop, socket, peer);
    }

    [Fact]
    public void Receive_MoreThanItsShare_OtherSocketsAreServedMeanwhile()
    {
        using var loop = new TestLoop();
        var greedy = new RecordingStream();
        var modest = new RecordingStream();
        (int greedyFd, int greedyPeer) = TestSockets.Pair();
        (int modestFd, int modestPeer) = TestSockets.Pair();
        TestSockets.SetBuffer(greedyPeer, SockOpt.SendBuffer, 2_000_000);
        StreamSocket greedySocket = loop.Dispatcher.Adopt(greedyFd, greedy);
        StreamSocket modestSocket = loop.Dispatcher.Adopt(modestFd, modest);
        TestSockets.SetNonBlocking(greedyPeer);
        int queued = Pattern.Fill(greedyPeer);
        Assert.True(queued > 4 * SlabPool.ReceiveSlabBytes, $"{queued} bytes fit the socket");
        TestSockets.Send(modestPeer, "x"u8);

        int greedyBytesThen = -1;
        modest.WhenData = _ => greedyBytesThen = greedy.Received.Count;
        loop.RunUntil(() => greedy.Received.Count == queued && greedyBytesThen >= 0);

        Assert.True(greedyBytesThen <= 4 * SlabPool.ReceiveSlabBytes);
        Close(loop, greedySocket, greedyPeer);
        Close(loop, modestSocket, modestPeer);
    }

    [Fact]
    public void Send_SlowReader_RestFollowsAsItReads()
    {
        const int total = 8_000_000;
        using var loop = new TestLoop();
        var handler = new RecordingStream();
        (int ours, int peer) = TestSockets.TcpPair();
        TestSockets.SetBuffer(ours, SockOpt.SendBuffer, 64 * 1024);
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        loop.Run();
        Pattern.Append(socket.Output, total);
        socket.ScheduleFlush();
        loop.Settle();
        Assert.True(socket.BytesUnsent > 0, "the reader is slow");

        var reader = new PatternReader(peer, total);
        reader.Start();
        loop.RunUntil(() => socket.BytesUnsent == 0, "drained");

        Assert.True(reader.Join());
        Assert.Equal(total, handler.Sent);
        Close(loop, socket, peer);
    }

    [Fact]
    public void Echo_HundredMegabytes_ComesBackIntact()
    {
        const int total = 100_000_000;
        const int high = 1_000_000;
        using var loop = new TestLoop();
        var handler = new EchoWithBackPressure();
        (int ours, int peer) = TestSockets.TcpPair();
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        handler.Attach(socket, high);
        var writer = new Thread(() => Pattern.Write(peer, total));
        var reader = new PatternReader(peer, total);
        writer.Start();
        reader.Start();

        loop.RunUntil(() => handler.Sent == total, "echo");

        writer.Join();
        Assert.True(reader.Join());
        Assert.InRange(handler.MostBuffered, 1, high + (4 * SlabPool.ReceiveSlabBytes));
        Close(loop, socket, peer);
        loop.Run();
        Assert.Equal(0, loop.Dispatcher.Memory.Slabs.Outstanding);
    }

    [Fact]
    public void Output_ManySlices_AllLeaveInOrder()
    {
        const int slices = 200;
        using var loop = new TestLoop();
        var handler = new RecordingStream();
        (int ours, int peer) = TestSockets.TcpPair();
        StreamSocket socket = loop.Dispatcher.Adopt(ours, handler);
        Pattern.Append(socket.Output, slices * SlabPool.DefaultSlabBytes);
        Assert.True(socket.Output.SliceCount >= slices);
        socket.ScheduleFlush();
        var reader = new PatternReader(peer, slices * SlabPool.DefaultSlabBytes);
        reader.Start();

        loop.RunUntil(() => socket.BytesUnsent == 0);

        Assert.True(reader.Join());
        Close(loop, socket, peer);
    }

    private static void Close(TestLoop loop, StreamSocket socket, int peer)
    {
        socket.Close();
        Sys.Close(peer);
        loop.Run();
    }

    private sealed class CheckingReader : StreamHandler
    {
        public int Bytes { get; private set; }

        public bool IsIntact { get; private set; } = true;

        public Action? WhenData { get; set; }

        public override void OnConnected()
        {
        }

        public override void OnData(in Slice data)
        {
            IsIntact &= Pattern.Matches(data.Span, Bytes);
            Bytes += data.Length;
            WhenData?.Invoke();
        }

        public override void OnEndOfStream()
        {
        }

        public override void OnClosed(int errno) => Assert.Fail($"closed by {errno}");

        public override void OnSent(long bytes)
        {
        }
    }

    private sealed class EchoWithBackPressure : StreamHandler
    {
        private StreamSocket? _socket;
        private Watermarks? _watermarks;

        public long Sent { get; private set; }

        public long MostBuffered { get; private set; }

        public void Attach(StreamSocket socket, int highBytes)
        {
            _socket = socket;
            _watermarks = new Watermarks(socket);
            socket.Output.SetWatermarks(highBytes, _watermarks);
        }

        public override void OnConnected()
        {
        }

        public override void OnData(in Slice data)
        {
            _socket!.Output.Append(in data);
            MostBuffered = Math.Max(MostBuffered, _socket.Output.Length);
            _socket.ScheduleFlush();
        }

        public override void OnEndOfStream()
        {
        }

        public override void OnClosed(int errno) => Assert.Fail($"closed by {errno}");

        public override void OnSent(long bytes) => Sent += bytes;

        private sealed class Watermarks(StreamSocket socket) : WatermarkListener
        {
            public override void OnAboveHighWatermark() => socket.PauseReading();

            public override void OnBelowLowWatermark() => socket.ResumeReading();
        }
    }
}
