using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Sidecar.Event.Files;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Subscriptions;
using Sidecar.Xds.Tests.Harness;
using static Sidecar.Xds.Tests.Harness.Resources;

namespace Sidecar.Xds.Tests.Subscriptions;

/// <summary>Resources from files that are replaced by a move.</summary>
public sealed class FilesystemSubscriptionTests : IDisposable
{
    private readonly MainLoop _loop = new();
    private readonly FileWatcher _files;
    private readonly string _directory = Directory.CreateTempSubdirectory("xds-files-").FullName;
    private readonly Recorder _user = new();
    private readonly SubscriptionStats _stats;

    public FilesystemSubscriptionTests()
    {
        _files = new FileWatcher(_loop.Dispatcher);
        _stats = new SubscriptionStats(_loop.Stats, _loop.Dispatcher, "cluster_manager.cds.");
    }

    public void Dispose()
    {
        _files.Dispose();
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("cds.yaml", "version_info: '1'\nresources:\n- '@type': type.googleapis.com/envoy.config.cluster.v3.Cluster\n  name: a\n")]
    [InlineData("cds.json", "{\"versionInfo\":\"1\",\"resources\":[{\"@type\":\"type.googleapis.com/envoy.config.cluster.v3.Cluster\",\"name\":\"a\"}]}")]
    public void File_InTextForms_IsRead(string name, string content)
    {
        Start(name, content);

        Assert.Equal(["+a @1"], _user.Events);
    }

    [Fact]
    public void File_InBinary_IsRead()
    {
        File.WriteAllBytes(PathOf("cds.pb"), Google.Protobuf.MessageExtensions.ToByteArray(Sotw(Cds, "1", "", "a")));
        Start("cds.pb", null);

        Assert.Equal(["+a @1"], _user.Events);
    }

    [Fact]
    public void File_Replaced_IsReadAgainAndSaysWhatIsGone()
    {
        Start("cds.yaml", Yaml("1", "a", "b"));

        Replace("cds.yaml", Yaml("2", "b"));
        RunUntil(() => _user.Events.Count == 2);

        Assert.Equal(["+a +b @1", "+b -a @2"], _user.Events);
    }

    [Theory]
    [InlineData("resources: [")]
    [InlineData("version_info: '2'\nno_such_field: 1\n")]
    [InlineData("version_info: '2'\nresources:\n- '@type': type.googleapis.com/envoy.config.listener.v3.Listener\n  name: l\n")]
    public void File_ReplacedByABadOne_KeepsTheLastGoodAndIsCounted(string bad)
    {
        Start("cds.yaml", Yaml("1", "a"));

        Replace("cds.yaml", bad);
        RunUntil(() => _stats.Get(SubscriptionStat.UpdateRejected) == 1);

        Assert.Equal(["+a @1", "failed UpdateRejected"], _user.Events);
    }

    [Fact]
    public void File_Missing_IsCountedAndNotWaitedFor()
    {
        Start("cds.yaml", null);

        Assert.Equal(1, _stats.Get(SubscriptionStat.UpdateFailure));
        Assert.Equal(["failed FetchTimedOut"], _user.Events);
    }

    [Fact]
    public void WatchedDirectory_SwappedInto_ReloadsTheFile()
    {
        string watched = Path.Combine(_directory, "watched");
        Directory.CreateDirectory(watched);
        Start("cds.yaml", Yaml("1", "a"), watched);
        File.WriteAllText(PathOf("cds.yaml"), Yaml("2", "b"));

        File.WriteAllText(PathOf("moved"), "");
        File.Move(PathOf("moved"), Path.Combine(watched, "moved"));
        RunUntil(() => _user.Events.Count == 2);

        Assert.Equal("+b -a @2", _user.Events[^1]);
    }

    private static string Yaml(string version, params string[] names)
    {
        string text = $"version_info: '{version}'\nresources:\n";
        foreach (string name in names)
        {
            text += $"- '@type': {Cds}\n  name: {name}\n";
        }

        return text;
    }

    private string PathOf(string name) => Path.Combine(_directory, name);

    private void Start(string name, string? content, string? watchedDirectory = null)
    {
        if (content is not null)
        {
            File.WriteAllText(PathOf(name), content);
        }

        var delivery = new SubscriptionDelivery(_loop.Dispatcher, _user, _stats, Cds);
        new FilesystemSubscription(_loop.Dispatcher, _files, PathOf(name), watchedDirectory, Cds, delivery).Start([]);
        _loop.Run();
    }

    private void Replace(string name, string content)
    {
        File.WriteAllText(PathOf("next"), content);
        File.Move(PathOf("next"), PathOf(name), overwrite: true);
    }

    private void RunUntil(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            _loop.Dispatcher.RunOnce(maxWaitMs: 20);
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 20, "seen within 20 s");
        }
    }

    private sealed class Recorder : SubscriptionCallbacks
    {
        public List<string> Events { get; } = [];

        public override UpdateResult OnUpdate(IReadOnlyList<XdsResource> added, IReadOnlyList<string> removed, string version)
        {
            List<string> words = [];
            foreach (XdsResource resource in added)
            {
                words.Add("+" + resource.Name);
            }

            foreach (string name in removed)
            {
                words.Add("-" + name);
            }

            Events.Add(string.Join(' ', words) + " @" + version);
            return UpdateResult.Accepted;
        }

        public override void OnUpdateFailed(UpdateFailure reason) => Events.Add($"failed {reason}");
    }
}
