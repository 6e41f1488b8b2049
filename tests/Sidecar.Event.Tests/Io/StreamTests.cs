using System;
using System.Text;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

/// <summary>Bytes, ends and closes of one connected socket.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly RecordingStream _handler = new();
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly StreamSocket _socket;
    private int _peer;

    public StreamTests()
    {
        (int ours, _peer) = TestSockets.TcpPair();
        _socket = _loop.Dispatcher.Adopt(ours, _handler);
    }

    public void Dispose()
    {
        _socket.Close();
        if (_peer >= 0)
        {
            Sys.Close(_peer);
        }

        _loop.Run();
        Assert.Equal(0, _loop.Dispatcher.Memory.Slabs.Outstanding);
        _loop.Dispose();
        Assert.Equal(0, _loop.Dispatcher.Memory.ReceiveSlabs.Outstanding);
    }

    [Fact]
    public void Data_Received_IsHandedUpOnce()
    {
        TestSockets.Send(_peer, "hello"u8);

        _loop.RunUntil(() => _handler.Received.Count > 0);
        _loop.Settle();

        Assert.Equal("hello", _handler.Text);
    }

    [Fact]
    public void Output_SeveralAppends_LeaveAtTheEndOfTheIteration()
    {
        _handler.WhenData = _ =>
        {
            _socket.Output.Append("one "u8);
            _socket.ScheduleFlush();
            _socket.Output.Append("two"u8);
            _socket.ScheduleFlush();
        };
        TestSockets.Send(_peer, "x"u8);

        _loop.RunUntil(() => _handler.Sent == 7);

        Assert.Equal("one two", Encoding.ASCII.GetString(_buffer, 0, TestSockets.Receive(_peer, _buffer)));
        Assert.Equal(0, _socket.BytesUnsent);
    }

    [Fact]
    public void Slab_RetainedByTheOwner_IsNotOverwrittenByTheNextReceive()
    {
        Core.Buffers.Slice kept = default;
        _handler.WhenData = slice =>
        {
            if (kept.IsEmpty)
            {
                slice.Slab.Retain();
                kept = slice;
            }
        };
        TestSockets.Send(_peer, "first"u8);
        _loop.RunUntil(() => _handler.Received.Count == 5);
        TestSockets.Send(_peer, "again"u8);
        _loop.RunUntil(() => _handler.Received.Count == 10);

        Assert.Equal("first", Encoding.ASCII.GetString(kept.Span));
        kept.Slab.Release();
    }

    [Fact]
    public void PeerShutdown_AfterData_EndFollowsTheData()
    {
        TestSockets.Send(_peer, "bye"u8);
        Sys.Shutdown(_peer, Sock.ShutWrite);

        _loop.RunUntil(() => _handler.IsEnded);
        _loop.Settle();

        Assert.Equal("bye", _handler.Text);
        Assert.Equal(["data", "end"], _handler.Events);
        Assert.True(_socket.IsOpen);
    }

    [Fact]
    public void PeerShutdown_WeStillSend_PeerReceives()
    {
        Sys.Shutdown(_peer, Sock.ShutWrite);
        _loop.RunUntil(() => _handler.IsEnded);

        _socket.Output.Append("late"u8);
        _socket.ScheduleFlush();
        _loop.RunUntil(() => _handler.Sent == 4);

        Assert.Equal(4, TestSockets.Receive(_peer, _buffer));
    }

    [Fact]
    public void ShutdownWrite_WithOutput_SendsItThenFin()
    {
        _socket.Output.Append("last"u8);
        _socket.ShutdownWrite();
        _loop.RunUntil(() => _handler.Sent == 4);

        Assert.Equal(4, TestSockets.Receive(_peer, _buffer));
        Assert.Equal(0, TestSockets.Receive(_peer, _buffer));
    }

    [Fact]
    public void ShutdownWrite_WithoutOutput_SendsFinAndKeepsReading()
    {
        _socket.ShutdownWrite();
        Assert.Equal(0, TestSockets.Receive(_peer, _buffer));

        TestSockets.Send(_peer, "still"u8);
        _loop.RunUntil(() => _handler.Received.Count == 5);

        Assert.Equal("still", _handler.Text);
    }

    [Fact]
    public void PeerReset_WhileReading_ClosesWithItsError()
    {
        _loop.Settle();
        TestSockets.Reset(_peer);
        _peer = -1;

        _loop.RunUntil(() => _handler.IsClosed);

        Assert.Equal((int)Errno.ECONNRESET, _handler.ClosedErrno);
        Assert.False(_socket.IsOpen);
    }

    [Fact]
    public void PeerReset_WhilePaused_ClosesWithItsError()
    {
        _loop.Settle();
        _socket.PauseReading();
        TestSockets.Reset(_peer);
        _peer = -1;

        _loop.RunUntil(() => _handler.IsClosed);

        Assert.Equal((int)Errno.ECONNRESET, _handler.ClosedErrno);
    }

    [Fact]
    public void PeerShutdown_WhilePaused_IsToldAtOnceAndEndsAfterResume()
    {
        _socket.PauseReading();
        TestSockets.Send(_peer, "bye"u8);
        Sys.Shutdown(_peer, Sock.ShutWrite);
        _loop.RunUntil(() => _handler.Events.Contains("shutdown-while-paused"));
        _loop.Settle();
        Assert.Equal(["shutdown-while-paused"], _handler.Events);

        _socket.ResumeReading();
        _loop.RunUntil(() => _handler.IsEnded);

        Assert.Equal("bye", _handler.Text);
    }

    [Fact]
    public void SendToResetPeer_FailureIsToldAfterTheFlushNotInsideIt()
    {
        TestSockets.Reset(_peer);
        _peer = -1;
        _socket.PauseReading();
        _socket.Output.Append("lost"u8);
        _socket.ScheduleFlush();
        Assert.Empty(_handler.Events);

        _loop.RunUntil(() => _handler.IsClosed);

        Assert.Contains(_handler.ClosedErrno, (int[])[(int)Errno.EPIPE, (int)Errno.ECONNRESET]);
        Assert.Single(_handler.Events);
    }

    [Fact]
    public void Close_InsideOnData_NothingFollows()
    {
        _handler.WhenData = _ => _socket.Close();
        TestSockets.Send(_peer, new byte[100_000]);

        _loop.RunUntil(() => !_socket.IsOpen);
        _loop.Settle();

        Assert.Equal(["data"], _handler.Events);
    }

    [Fact]
    public void Close_WithReset_PeerSeesReset()
    {
        _socket.Close(reset: true);

        Assert.Equal(-(int)Errno.ECONNRESET, TestSockets.Receive(_peer, _buffer));
    }

    [Fact]
    public void Close_WithUnsentOutput_DropsItWithoutWatermarkCalls()
    {
        var watermarks = new CountingWatermarks();
        _socket.Output.SetWatermarks(4, watermarks);
        _socket.Output.Append("more than four"u8);
        _socket.ScheduleFlush();

        _socket.Close();
        _loop.Settle();

        Assert.Equal(0, _handler.Sent);
        Assert.Equal(0, TestSockets.Receive(_peer, _buffer));
        Assert.Equal(0, watermarks.Lows);
    }

    [Fact]
    public void IdleSocket_HoldsNoSlab()
    {
        _socket.Output.Append("x"u8);
        _socket.ScheduleFlush();
        TestSockets.Send(_peer, "y"u8);

        _loop.RunUntil(() => _handler.Sent == 1 && _handler.Received.Count == 1);

        Assert.Equal(0, _loop.Dispatcher.Memory.Slabs.Outstanding);
        Assert.InRange(_loop.Dispatcher.Memory.ReceiveSlabs.Outstanding, 0, 1);
    }

    private sealed class CountingWatermarks : Core.Buffers.WatermarkListener
    {
        public int Lows { get; private set; }

        public override void OnAboveHighWatermark()
        {
        }

        public override void OnBelowLowWatermark() => Lows++;
    }
}
