using System;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

/// <summary>Descriptors, slots and pooled sockets are reused at once; what was meant for their earlier owner must not reach the new one.</summary>
public sealed class StaleEventTests : IDisposable
{
    private readonly TestLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Event_OfASocketClosedInTheSameBatch_DoesNotReachTheNewOwnerOfItsSlotAndDescriptor()
    {
        // Two sockets become ready in one batch; whichever is served first closes the other and adopts a new one in its place.
        var first = new RecordingStream();
        var second = new RecordingStream();
        var heir = new RecordingStream();
        (int firstFd, int firstPeer) = TestSockets.Pair();
        (int secondFd, int secondPeer) = TestSockets.Pair();
        StreamSocket firstSocket = _loop.Dispatcher.Adopt(firstFd, first);
        StreamSocket secondSocket = _loop.Dispatcher.Adopt(secondFd, second);
        _loop.Settle();
        StreamSocket? heirSocket = null;
        int heirPeer = -1;
        int reusedFd = -1;
        void Replace(StreamSocket victim)
        {
            int closedFd = victim.Fd;
            victim.Close();
            (int heirFd, heirPeer) = TestSockets.Pair();
            reusedFd = heirFd == closedFd ? heirFd : -1;
            heirSocket = _loop.Dispatcher.Adopt(heirFd, heir);
        }

        first.WhenData = _ => Replace(secondSocket);
        second.WhenData = _ => Replace(firstSocket);
        TestSockets.Send(firstPeer, "1"u8);
        TestSockets.Send(secondPeer, "2"u8);

        _loop.RunUntil(() => heirSocket is not null);
        _loop.Settle();

        Assert.NotEqual(-1, reusedFd);
        Assert.Empty(heir.Events);
        Assert.Equal(1, first.Events.Count + second.Events.Count);
        TestSockets.Send(heirPeer, "mine"u8);
        _loop.RunUntil(() => heir.Text == "mine");
        firstSocket.Close();
        secondSocket.Close();
        heirSocket!.Close();
        Array.ForEach([firstPeer, secondPeer, heirPeer], fd => Sys.Close(fd));
    }

    [Fact]
    public void Socket_RecycledWithAFlushAndAReceiveQueued_NewOwnerGetsNeither()
    {
        var old = new RecordingStream();
        (int oldFd, int oldPeer) = TestSockets.Pair();
        StreamSocket oldSocket = _loop.Dispatcher.Adopt(oldFd, old);
        oldSocket.PauseReading();
        TestSockets.Send(oldPeer, "x"u8);
        _loop.Settle();
        // Queue both for the next iteration, then die at the end of this one.
        _loop.Dispatcher.DeferredDelete(new LambdaDelete(() =>
        {
            oldSocket.ResumeReading();
            oldSocket.Output.Append("y"u8);
            oldSocket.ScheduleFlush();
            oldSocket.Close();
        }));
        _loop.Run();

        var heir = new RecordingStream();
        (int heirFd, int heirPeer) = TestSockets.Pair();
        StreamSocket heirSocket = _loop.Dispatcher.Adopt(heirFd, heir);
        Assert.Same(oldSocket, heirSocket);
        _loop.Settle();

        Assert.Empty(heir.Events);
        Assert.Equal(0, heir.Sent);
        Assert.Empty(old.Events);
        heirSocket.Close();
        Sys.Close(oldPeer);
        Sys.Close(heirPeer);
    }
}
