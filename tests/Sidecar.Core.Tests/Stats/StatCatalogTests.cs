using System.Collections.Generic;
using Sidecar.Core.Stats;

namespace Sidecar.Core.Tests.Stats;

public sealed class StatCatalogTests
{
    private static readonly StatTable s_table = new(
        "cluster",
        StatTable.Counter("upstream_rq_total"),
        StatTable.Gauge("upstream_rq_active"),
        StatTable.Counter("upstream_rq_503", lazy: true),
        StatTable.Histogram("upstream_rq_time", StatUnit.Milliseconds));

    private readonly StatStore _store = new();
    private readonly StatSheet _sheet;

    public StatCatalogTests() => _sheet = _store.CreateSheet("worker_0");

    [Fact]
    public void Values_AreSortedByFullName()
    {
        _store.Register("cluster.b.", s_table);
        _store.Register("cluster.a.b.", s_table);
        _store.Register("cluster.a.", new StatTable("t", StatTable.Counter("z"), StatTable.Counter("b.a")));
        _store.Register(string.Empty, new StatTable("t", StatTable.Counter("cluster.a.c")));

        Assert.Equal(
            [
                "cluster.a.b.a", "cluster.a.b.upstream_rq_503", "cluster.a.b.upstream_rq_active", "cluster.a.b.upstream_rq_total",
                "cluster.a.c", "cluster.a.z", "cluster.b.upstream_rq_503", "cluster.b.upstream_rq_active", "cluster.b.upstream_rq_total",
            ],
            Names(Catalog()));
    }

    [Fact]
    public void Values_FollowRegistrationsAndReleases()
    {
        StatCatalog catalog = Catalog();
        Assert.Empty(Names(catalog));

        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        Assert.Equal(3, Names(catalog).Count);

        _store.Release(instance);
        Assert.Empty(Names(catalog));
    }

    [Fact]
    public void RejectedStats_AreHidden()
    {
        _store.Register("cluster.a.", s_table);
        var matcher = StatsMatcher.Include([new StatsMatcher.Pattern(StatsMatcher.MatchKind.Suffix, "_total")]);

        Assert.Equal(["cluster.a.upstream_rq_total"], Names(new StatCatalog(_store, new StatsOptions { Matcher = matcher })));
    }

    [Fact]
    public void IsUsed_StaysOnceSeen()
    {
        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        StatCatalog catalog = Catalog();
        StatLine gauge = Line(catalog, "cluster.a.upstream_rq_active");
        Assert.False(catalog.IsUsed(gauge));

        _sheet.Block(instance.Range).Set(1, 5);
        Assert.True(catalog.IsUsed(gauge));
        _sheet.Block(instance.Range).Set(1, 0);

        Assert.True(catalog.IsUsed(gauge));
    }

    [Fact]
    public void IsListed_LazyStat_OnlyOnceUsed()
    {
        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        StatCatalog catalog = Catalog();
        StatLine line = Line(catalog, "cluster.a.upstream_rq_503");
        Assert.False(catalog.IsListed(line, usedOnly: false));

        _sheet.Block(instance.Range).Increment(2);

        Assert.True(catalog.IsListed(line, usedOnly: false));
    }

    [Fact]
    public void ResetCounters_ZeroesCountersForDisplayOnly()
    {
        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        StatBlock block = _sheet.Block(instance.Range);
        block.Add(0, 7);
        block.Set(1, 3);
        StatCatalog catalog = Catalog();

        catalog.ResetCounters();
        block.Add(0, 2);

        Assert.Equal(2, catalog.Value(Line(catalog, "cluster.a.upstream_rq_total")));
        Assert.Equal(3, catalog.Value(Line(catalog, "cluster.a.upstream_rq_active")));
        Assert.True(catalog.IsUsed(Line(catalog, "cluster.a.upstream_rq_total")));
        Assert.Equal(9, _store.Sum(instance, 0));
    }

    [Fact]
    public void Flush_GivesSinksTheDeltaOfTheInterval()
    {
        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        StatBlock block = _sheet.Block(instance.Range);
        var flusher = new StatsFlusher(Catalog());
        var sink = new RecordingSink();
        flusher.AddSink(sink);

        block.Add(0, 5);
        flusher.Flush();
        block.Add(0, 2);
        flusher.Flush();

        Assert.Equal([("cluster.a.upstream_rq_total", 5, 5), ("cluster.a.upstream_rq_total", 7, 2)], sink.Counters);
    }

    [Fact]
    public void Flush_HistogramInterval_IsTheDifference()
    {
        StatStore.Instance instance = _store.Register("cluster.a.", s_table);
        StatBlock block = _sheet.Block(instance.Range);
        StatCatalog catalog = Catalog();
        var flusher = new StatsFlusher(catalog);
        StatLine line = catalog.Histograms[0];

        block.Record(3, 10);
        block.Record(3, 10);
        flusher.Flush();
        block.Record(3, 5_000);
        flusher.Flush();

        Assert.Equal((1, 5_000.0), (catalog.Interval(line).SampleCount, catalog.Interval(line).ComputedQuantiles[0]));
        Assert.Equal((3, 10.0), (catalog.Cumulative(line).SampleCount, catalog.Cumulative(line).ComputedQuantiles[0]));
        flusher.Flush();
        Assert.Equal(0, catalog.Interval(line).SampleCount);
    }

    private StatCatalog Catalog() => new(_store, new StatsOptions());

    private static List<string> Names(StatCatalog catalog)
    {
        var names = new List<string>();
        foreach (StatLine line in catalog.Values)
        {
            names.Add(line.Name);
        }

        return names;
    }

    private static StatLine Line(StatCatalog catalog, string name)
    {
        foreach (StatLine line in catalog.Values)
        {
            if (line.Name == name)
            {
                return line;
            }
        }

        throw new KeyNotFoundException(name);
    }

    private sealed class RecordingSink : StatsSink
    {
        public List<(string Name, long Value, long Delta)> Counters { get; } = [];

        public override void OnFlush(StatSnapshot snapshot)
        {
            foreach (CounterSample sample in snapshot.Counters)
            {
                Counters.Add((sample.Line.Name, sample.Value, sample.Delta));
            }
        }
    }
}
