using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

public sealed class AcceptTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly RecordingAcceptor _handler = new();
    private readonly List<int> _clients = [];
    private readonly byte[] _address;
    private readonly AcceptSocket _acceptor;

    public AcceptTests()
    {
        (int listener, _address) = TestSockets.ListenTcp(nonBlocking: true);
        _acceptor = _loop.Dispatcher.Listen(listener, _handler);
    }

    public void Dispose()
    {
        _acceptor.Close();
        _handler.Fds.ForEach(fd => Sys.Close(fd));
        _clients.ForEach(fd => Sys.Close(fd));
        _loop.Dispose();
    }

    [Fact]
    public void Accept_NewConnection_HandsUpANonBlockingDescriptorAndThePeer()
    {
        Connect(1);

        _loop.RunUntil(() => _handler.Fds.Count == 1);

        Assert.NotEqual(0, Sys.Fcntl(_handler.Fds[0], FileFlags.GetFlags, 0) & FileFlags.NonBlock);
        Assert.Equal(16, _handler.Peers[0].Length);
        Assert.Equal(Af.Inet, _handler.Peers[0][0]);
    }

    [Fact]
    public void Accept_MoreThanABatch_OneBatchPerIteration()
    {
        Connect(AcceptSocket.BatchSize + 5);

        _loop.Run();
        Assert.Equal(AcceptSocket.BatchSize, _handler.Fds.Count);
        _loop.Run();

        Assert.Equal(AcceptSocket.BatchSize + 5, _handler.Fds.Count);
    }

    [Fact]
    public void Accept_Paused_LeavesConnectionsInTheBacklogUntilResume()
    {
        _acceptor.Pause();
        Connect(2);
        _loop.Settle();
        Assert.Empty(_handler.Fds);

        _acceptor.Resume();
        _loop.Run();

        Assert.Equal(2, _handler.Fds.Count);
    }

    [Fact]
    public void Accept_OutOfDescriptors_RestsThenGoesOn()
    {
        Connect(1);
        using (DescriptorLimit.LowerTo(DescriptorLimit.LowestFree()))
        {
            _loop.Run();
            _loop.Run();
            Assert.Equal([(int)Errno.EMFILE], _handler.Errors);
            Assert.Equal(1, _acceptor.Backoffs);
        }

        _loop.Run();
        Assert.Empty(_handler.Fds);
        _loop.Advance(AcceptSocket.BackoffMs);
        _loop.Run();

        Assert.Single(_handler.Fds);
    }

    private void Connect(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _clients.Add(TestSockets.BlockingConnect(_address));
        }
    }
}

/// <summary>Lowers the process's limit of descriptors for a moment.</summary>
internal sealed partial class DescriptorLimit : IDisposable
{
    private const int NumberOfFiles = 7;

    private readonly Limit _before;

    private DescriptorLimit(Limit before) => _before = before;

    /// <summary>The lowest number that a new descriptor would get: with the limit there, none can be made.</summary>
    public static int LowestFree()
    {
        int fd = Sys.Dup(0);
        Sys.Close(fd);
        return fd;
    }

    public static unsafe DescriptorLimit LowerTo(int count)
    {
        Limit before;
        Assert.Equal(0, GetLimit(NumberOfFiles, &before));
        var lowered = new Limit { Current = (ulong)count, Maximum = before.Maximum };
        Assert.Equal(0, SetLimit(NumberOfFiles, &lowered));
        return new DescriptorLimit(before);
    }

    public unsafe void Dispose()
    {
        Limit before = _before;
        Assert.Equal(0, SetLimit(NumberOfFiles, &before));
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static unsafe partial int SetLimit(int resource, Limit* limit);

    private struct Limit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
