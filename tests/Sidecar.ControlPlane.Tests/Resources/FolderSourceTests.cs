using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading.Tasks;
using Sidecar.ControlPlane.Resources;

namespace Sidecar.ControlPlane.Tests.Resources;

public sealed class FolderSourceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-xds-");
    private readonly SnapshotStore _store = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Reload_GoodFolder_PublishesItsResources()
    {
        Write("a.yaml", "clusters: [{name: a}]");
        Write("b.json", """{"clusters": [{"name": "b"}]}""");
        Write(".hidden.yaml", "clusters: [{name: hidden}]");
        Write("notes.txt", "not resources");
        using FolderSource source = Watch();

        Assert.True(source.Reload());
        Assert.Equal(["a", "b"], _store.Current![ResourceType.FindByKey("clusters")!].Keys);
        Assert.Contains("clusters=2", Assert.Single(_lines));
    }

    [Fact]
    public void Reload_NothingChanged_KeepsTheSnapshotSilently()
    {
        Write("a.yaml", "clusters: [{name: a}]");
        using FolderSource source = Watch();
        source.Reload();
        Snapshot? before = _store.Current;

        Assert.True(source.Reload());
        Assert.Same(before, _store.Current);
        Assert.Single(_lines);
    }

    [Fact]
    public void Reload_BrokenAtTheStart_HasNoSnapshot()
    {
        Write("a.yaml", "clusters: [{nmae: a}]");
        using FolderSource source = Watch();

        Assert.False(source.Reload());
        Assert.Null(_store.Current);
        Assert.Contains(_lines, static line => line.Contains("a.yaml:1:13: clusters[0].nmae", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_FileChanged_PublishesTheNewContent()
    {
        Write("a.yaml", "clusters: [{name: a}]");
        using FolderSource source = Watch();
        source.Reload();
        (Snapshot? before, Task changed) = _store.Watch();

        Write("a.yaml", "clusters: [{name: a, connect_timeout: 3s}]");

        await changed.WaitAsync(s_patience);
        Assert.NotEqual(before!.Version, _store.Current!.Version);
    }

    [Fact]
    public async Task Watch_FileRenamedOver_PublishesTheNewContent()
    {
        Write("a.yaml", "clusters: [{name: a}]");
        using FolderSource source = Watch();
        source.Reload();
        Task changed = _store.Watch().Changed;

        Write("a.yaml.tmp", "clusters: [{name: b}]");
        File.Move(PathOf("a.yaml.tmp"), PathOf("a.yaml"), overwrite: true);

        await changed.WaitAsync(s_patience);
        Assert.Equal(["b"], _store.Current![ResourceType.FindByKey("clusters")!].Keys);
    }

    [Fact]
    public async Task Watch_FileBroken_KeepsTheLastGoodSnapshotAndSaysWhy()
    {
        Write("a.yaml", "clusters: [{name: a}]");
        using FolderSource source = Watch();
        source.Reload();
        Snapshot? before = _store.Current;

        Write("a.yaml", "clusters: [{name: a, lb_policy: NONSENSE}]");

        await _kept.Task.WaitAsync(s_patience);
        Assert.Same(before, _store.Current);
        Assert.Contains(_lines.ToArray(), static line => line.Contains("a.yaml:1:33: clusters[0].lb_policy", StringComparison.Ordinal));
    }

    private FolderSource Watch() => new(_folder.FullName, allowsInvalid: false, _store, Print);

    private void Print(string line)
    {
        _lines.Enqueue(line);
        if (line.StartsWith("kept ", StringComparison.Ordinal))
        {
            _kept.TrySetResult();
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(PathOf(name), text);
}
