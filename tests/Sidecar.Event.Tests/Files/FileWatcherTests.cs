using System;
using System.Collections.Generic;
using System.IO;
using Sidecar.Event.Files;
using Sidecar.Event.Tests.Harness;

namespace Sidecar.Event.Tests.Files;

public sealed class FileWatcherTests : IDisposable
{
    private readonly TestLoop _loop = new("main_thread");
    private readonly string _directory = Directory.CreateTempSubdirectory("sidecar-watch-").FullName;
    private readonly FileWatcher _watcher;
    private readonly Recorder _recorder = new();

    public FileWatcherTests() => _watcher = new FileWatcher(_loop.Dispatcher);

    private string File1 => Path.Combine(_directory, "one.yaml");

    public void Dispose()
    {
        _watcher.Dispose();
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void File_ReplacedByMove_IsTold()
    {
        File.WriteAllText(File1, "old");
        _watcher.Watch(File1, FileChange.MovedTo, _recorder);

        File.WriteAllText(File1 + ".tmp", "new");
        File.Move(File1 + ".tmp", File1, overwrite: true);
        _loop.RunUntil(() => _recorder.Changes.Count > 0);

        Assert.Equal([(File1, FileChange.MovedTo)], _recorder.Changes);
    }

    [Fact]
    public void File_Written_IsToldOnceItIsClosed()
    {
        _watcher.Watch(File1, FileChange.Modified, _recorder);

        File.WriteAllText(File1, "new");
        _loop.RunUntil(() => _recorder.Changes.Count > 0);

        Assert.Equal([(File1, FileChange.Modified)], _recorder.Changes);
    }

    [Fact]
    public void File_AnotherOneInTheDirectory_IsNotTold()
    {
        _watcher.Watch(File1, FileChange.MovedTo | FileChange.Modified | FileChange.Created, _recorder);

        File.WriteAllText(Path.Combine(_directory, "two.yaml"), "new");
        _loop.Settle();

        Assert.Empty(_recorder.Changes);
    }

    [Fact]
    public void Directory_SymbolicLinkSwapped_IsToldAsKubernetesDoesIt()
    {
        string data = Path.Combine(_directory, "..data");
        _watcher.Watch(_directory, FileChange.MovedTo, _recorder);

        File.CreateSymbolicLink(data + "_tmp", "/nowhere");
        File.Move(data + "_tmp", data);
        _loop.RunUntil(() => _recorder.Changes.Count > 0);

        Assert.Equal([(data, FileChange.MovedTo)], _recorder.Changes);
    }

    [Fact]
    public void Watch_Disposed_IsSilentWhileItsNeighbourIsNot()
    {
        var neighbour = new Recorder();
        IDisposable watch = _watcher.Watch(File1, FileChange.Modified, _recorder);
        _watcher.Watch(File1, FileChange.Modified, neighbour);

        watch.Dispose();
        File.WriteAllText(File1, "new");
        _loop.RunUntil(() => neighbour.Changes.Count > 0);

        Assert.Empty(_recorder.Changes);
    }

    [Fact]
    public void Watch_DirectoryMissing_FailsWithItsName()
    {
        string missing = Path.Combine(_directory, "missing", "file");

        IOException failure = Assert.Throws<IOException>(() => _watcher.Watch(missing, FileChange.MovedTo, _recorder));

        Assert.Contains(Path.Combine(_directory, "missing"), failure.Message);
    }

    private sealed class Recorder : FileWatchHandler
    {
        public List<(string Path, FileChange Change)> Changes { get; } = [];

        public override void OnFileChanged(string path, FileChange change) => Changes.Add((path, change));
    }
}
