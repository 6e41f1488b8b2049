using System;
using System.Globalization;
using System.Linq;
using Sidecar.Server.Admin.Config;
using Sidecar.Testing.Time;

namespace Sidecar.Server.Tests.Admin.Config;

public sealed class ConfigTrackerTests
{
    private static readonly ReadOnlyMemory<byte> s_one = new byte[] { 1 };
    private static readonly ReadOnlyMemory<byte> s_two = new byte[] { 2 };

    private readonly SimulatedTimeSource _time = new();
    private readonly ConfigTracker _tracker;

    public ConfigTrackerTests() => _tracker = new ConfigTracker(_time);

    private ConfigEntry Entry => _tracker.Find(ConfigKind.Listener, "l")!;

    [Fact]
    public void Update_WhileActive_WarmsBesideIt()
    {
        _tracker.SetActive(ConfigKind.Listener, "l", "1", s_one);
        _tracker.SetWarming(ConfigKind.Listener, "l", "2", s_two);
        Assert.Equal(("1", "2"), (Entry.Active!.Version, Entry.Warming!.Version));
        Assert.True(_tracker.Activate(ConfigKind.Listener, "l"));
        Assert.Equal(("2", null), (Entry.Active!.Version, Entry.Warming));
    }

    [Fact]
    public void Activate_NothingWarming_IsFalse() => Assert.False(_tracker.Activate(ConfigKind.Listener, "l"));

    [Fact]
    public void Removal_WithDraining_StaysUntilItEnds()
    {
        _tracker.SetActive(ConfigKind.Listener, "l", "1", s_one);
        Assert.True(_tracker.SetDraining(ConfigKind.Listener, "l"));
        Assert.True(_tracker.Remove(ConfigKind.Listener, "l"));
        Assert.Equal("1", Entry.Draining!.Version);
        _tracker.EndDraining(ConfigKind.Listener, "l");
        Assert.Null(_tracker.Find(ConfigKind.Listener, "l"));
    }

    [Fact]
    public void Rejection_KeepsWhatRuns_AndGoesWithTheNextGoodUpdate()
    {
        _tracker.SetActive(ConfigKind.Listener, "l", "1", s_one);
        _time.AdvanceMs(5);
        _tracker.Reject(ConfigKind.Listener, "l", "2", s_two, "why");
        Assert.Equal(("1", "why"), (Entry.Active!.Version, Entry.Failure!.Details));
        Assert.Equal(5_000_000, Entry.Failure.AttemptUnixNs - Entry.Active.UpdatedUnixNs);
        _tracker.SetActive(ConfigKind.Listener, "l", "3", s_two);
        Assert.Null(Entry.Failure);
    }

    [Fact]
    public void Removal_OfRejectedOnly_Forgets()
    {
        _tracker.Reject(ConfigKind.Listener, "l", "1", s_one, "why");
        Assert.True(_tracker.Remove(ConfigKind.Listener, "l"));
        Assert.Null(_tracker.Find(ConfigKind.Listener, "l"));
        Assert.False(_tracker.Remove(ConfigKind.Listener, "l"));
    }

    [Fact]
    public void Snapshot_IsOfOneKindSortedByName()
    {
        _tracker.SetActive(ConfigKind.Cluster, "b", "1", s_one);
        _tracker.SetStatic(ConfigKind.Cluster, "a", s_one);
        _tracker.SetActive(ConfigKind.Route, "c", "1", s_one);
        Assert.Equal(["a", "b"], _tracker.Snapshot(ConfigKind.Cluster).Select(e => e.Name));
    }

    [Fact]
    public void History_OfOneResource_KeepsTheLastChanges()
    {
        for (int i = 0; i < 20; i++)
        {
            _tracker.SetActive(ConfigKind.Cluster, "c", i.ToString(CultureInfo.InvariantCulture), s_one);
        }

        string[] expected = [.. Enumerable.Range(12, ConfigHistory.MaxPerResource).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(expected, _tracker.History.All().Select(c => c.Version));
    }

    [Fact]
    public void History_SameRejectionAgain_IsCounted()
    {
        for (int i = 0; i < 1600; i++)
        {
            _tracker.Reject(ConfigKind.Cluster, "c", "7", s_one, "why");
        }

        ConfigChange change = Assert.Single(_tracker.History.All());
        Assert.Equal((ConfigOutcome.Rejected, 1600), (change.Outcome, change.Count));
    }

    [Fact]
    public void History_OfLargeResources_KeepsTheBytesOfTheLastOnes()
    {
        for (int i = 0; i < 10; i++)
        {
            _tracker.SetActive(ConfigKind.Cluster, $"c{i}", "1", new byte[ConfigHistory.MaxBytes / 4]);
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], _tracker.History.All().Select(c => Math.Sign(c.Resource.Length)));
    }

    /// <summary>Names that come and go for weeks, beside one resource that never changes, must not add up.</summary>
    [Fact]
    public void History_OfManyNames_IsBounded()
    {
        _tracker.SetActive(ConfigKind.Cluster, "stable", "1", s_one);
        for (int i = 0; i < 3 * ConfigHistory.MaxChanges; i++)
        {
            string name = $"c{i % 4000}";
            _tracker.SetActive(ConfigKind.Cluster, name, "1", s_one);
            _tracker.Remove(ConfigKind.Cluster, name);
        }

        Assert.Equal(ConfigHistory.MaxChanges, _tracker.History.All().Count);
        Assert.Single(_tracker.Snapshot(ConfigKind.Cluster));
    }
}
