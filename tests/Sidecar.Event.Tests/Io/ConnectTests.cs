using System;
using System.Text;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

public sealed class ConnectTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly RecordingStream _handler = new();
    private readonly byte[] _buffer = new byte[1024];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Connect_ToAListener_ConnectedIsToldFromTheLoop()
    {
        (int listener, byte[] address) = TestSockets.ListenTcp();
        StreamSocket socket = _loop.Dispatcher.Connect(TestSockets.NonBlockingTcp(), address, _handler);
        Assert.Empty(_handler.Events);

        _loop.RunUntil(() => _handler.IsConnected);

        socket.Close();
        Sys.Close(listener);
    }

    [Fact]
    public void Connect_OutputAppendedBefore_IsSentOnceConnected()
    {
        (int listener, byte[] address) = TestSockets.ListenTcp();
        StreamSocket socket = _loop.Dispatcher.Connect(TestSockets.NonBlockingTcp(), address, _handler);
        socket.Output.Append("early"u8);
        socket.ScheduleFlush();
        socket.ShutdownWrite();

        _loop.RunUntil(() => _handler.Sent == 5);

        unsafe
        {
            int peer = Sys.Accept4(listener, null, null, 0);
            Assert.Equal("early", Encoding.ASCII.GetString(_buffer, 0, TestSockets.Receive(peer, _buffer)));
            Assert.Equal(0, TestSockets.Receive(peer, _buffer));
            Sys.Close(peer);
        }

        socket.Close();
        Sys.Close(listener);
    }

    [Fact]
    public void Connect_NobodyListens_ClosesWithRefused()
    {
        (int listener, byte[] address) = TestSockets.ListenTcp();
        Sys.Close(listener);
        _loop.Dispatcher.Connect(TestSockets.NonBlockingTcp(), address, _handler);
        Assert.Empty(_handler.Events);

        _loop.RunUntil(() => _handler.IsClosed);

        Assert.Equal((int)Errno.ECONNREFUSED, _handler.ClosedErrno);
        Assert.Equal(["closed"], _handler.Events);
    }

    [Fact]
    public void Connect_UnixPathWithoutSocket_FailureIsToldFromTheLoop()
    {
        var address = new byte[32];
        address[0] = Af.Unix;
        "\0sidecar-nobody-here"u8.CopyTo(address.AsSpan(2));
        int fd = Sys.Socket(Af.Unix, Sock.Stream | Sock.NonBlock | Sock.CloseOnExec, 0);

        StreamSocket socket = _loop.Dispatcher.Connect(fd, address, _handler);
        Assert.True(socket.IsOpen);
        Assert.Empty(_handler.Events);
        _loop.Dispatcher.RunOnce(maxWaitMs: 60_000);

        Assert.Equal((int)Errno.ECONNREFUSED, _handler.ClosedErrno);
    }

    [Fact]
    public void Connect_ClosedBeforeItsOutcome_NothingIsTold()
    {
        (int listener, byte[] address) = TestSockets.ListenTcp();
        StreamSocket socket = _loop.Dispatcher.Connect(TestSockets.NonBlockingTcp(), address, _handler);

        socket.Close();
        _loop.Settle();

        Assert.Empty(_handler.Events);
        Sys.Close(listener);
    }
}
