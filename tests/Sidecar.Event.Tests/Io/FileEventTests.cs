using System;
using Sidecar.Event.Io;
using Sidecar.Event.Native;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Io;

public sealed class FileEventTests : IDisposable
{
    private readonly TestLoop _loop = new();
    private readonly int _read;
    private readonly int _write;
    private int _calls;
    private FileReadiness _seen;

    public unsafe FileEventTests()
    {
        int* fds = stackalloc int[2];
        Assert.Equal(0, Sys.Pipe2(fds, FileFlags.NonBlock | FileFlags.CloseOnExec));
        _read = fds[0];
        _write = fds[1];
    }

    public void Dispose()
    {
        Sys.Close(_read);
        Sys.Close(_write);
        _loop.Dispose();
    }

    [Theory]
    [InlineData(FileReadiness.Read, 3)]
    [InlineData(FileReadiness.Read | FileReadiness.EdgeTriggered, 1)]
    public void File_UnreadByte_IsToldAsItsTriggerSays(FileReadiness interest, int callsInThreeIterations)
    {
        FileEvent file = Watch(interest);
        Write();

        for (int i = 0; i < 3; i++)
        {
            _loop.Run();
        }

        Assert.Equal(callsInThreeIterations, _calls);
        Assert.Equal(FileReadiness.Read, _seen);
        file.Close();
    }

    [Fact]
    public void File_InterestTakenAway_IsSilent()
    {
        FileEvent file = Watch(FileReadiness.Read);
        file.SetInterest(FileReadiness.None);
        Write();

        _loop.Settle();

        Assert.Equal(0, _calls);
        file.Close();
    }

    [Fact]
    public void File_Closed_IsSilentAndKeepsTheDescriptor()
    {
        FileEvent file = Watch(FileReadiness.Read);
        file.Close();
        Write();

        _loop.Settle();

        Assert.Equal(0, _calls);
        Assert.True(Sys.Fcntl(_read, FileFlags.GetFlags, 0) >= 0);
    }

    private FileEvent Watch(FileReadiness interest) => _loop.Dispatcher.CreateFileEvent(_read, new LambdaFile(OnReady), interest);

    private void OnReady(FileReadiness readiness)
    {
        _calls++;
        _seen = readiness;
    }

    private unsafe void Write()
    {
        byte one = 1;
        Assert.Equal(1, Sys.Write(_write, &one, 1));
    }
}
