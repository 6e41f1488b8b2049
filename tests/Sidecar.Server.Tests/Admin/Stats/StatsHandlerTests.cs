using System;
using System.Linq;
using System.Text.Json;
using Sidecar.Core.Stats;

namespace Sidecar.Server.Tests.Admin.Stats;

public sealed class StatsHandlerTests
{
    private static readonly StatTable s_table = new(
        "test",
        StatTable.Gauge("cx_active"),
        StatTable.Counter("rq_total"),
        StatTable.Histogram("rq_time", StatUnit.Milliseconds),
        StatTable.Counter("unused"));

    private readonly AdminHarness _admin = new();

    public StatsHandlerTests()
    {
        StatBlock block = _admin.Sheet.Block(_admin.Store.Register("cluster.c.", s_table).Range);
        block.Add(0, 3);
        block.Add(1, 7);
        block.Record(2, 4);
        block.Record(2, 40);
    }

    [Fact]
    public void Stats_AsText_AreLines() =>
        Assert.StartsWith(
            "cluster.c.cx_active: 3\ncluster.c.rq_total: 7\ncluster.c.unused: 0\ncluster.c.rq_time: P0(nan,",
            _admin.Get("/stats").Text,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("filter=rq_", "rq_total,rq_time")]
    [InlineData("filter=^cluster%5C.c%5C.cx", "cx_active")]
    [InlineData("usedonly", "cx_active,rq_total,rq_time")]
    [InlineData("type=Gauges", "cx_active")]
    [InlineData("type=Counters&usedonly", "rq_total")]
    [InlineData("type=Histograms", "rq_time")]
    [InlineData("type=TextReadouts", "")]
    [InlineData("type=All", "cx_active,rq_total,unused,rq_time")]
    public void Stats_Filtered_AreTheRest(string query, string names)
    {
        string[] lines = _admin.Get("/stats?" + query).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names, string.Join(',', lines.Select(l => l.Split(':')[0]["cluster.c.".Length..])));
    }

    [Theory]
    [InlineData("cumulative", "cluster.c.rq_time: B0.5(0,0) B1(0,0) B5(0,1) B10(0,1) B25(0,1) B50(0,2) ", " B1.8e+06(0,2) B3.6e+06(0,2)\n")]
    [InlineData("disjoint", "cluster.c.rq_time: B0.5(0,0) B1(0,0) B5(0,1) B10(0,0) B25(0,0) B50(0,1) ", " B3.6e+06(0,0)\n")]
    [InlineData("detailed", "cluster.c.rq_time:\n  totals=4,0.1:1, 40,1:1\n  intervals=\n  summary=P0(nan,4) ", " P100(nan,41)\n")]
    public void Histograms_AsText_InEachMode(string mode, string start, string end)
    {
        string text = _admin.Get("/stats?type=Histograms&histogram_buckets=" + mode).Text;
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.EndsWith(end, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Histograms_Detailed_ShowTheLastInterval()
    {
        var flusher = new StatsFlusher(_admin.Catalog);
        flusher.Flush();
        Assert.Contains("\n  intervals=4,0.1:1, 40,1:1\n", _admin.Get("/stats?histogram_buckets=detailed").Text, StringComparison.Ordinal);
        flusher.Flush();
        Assert.Contains("\n  intervals=\n", _admin.Get("/stats?histogram_buckets=detailed").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_AsJson_HaveNamesAndValues()
    {
        JsonElement stats = _admin.GetJson("/stats?format=json&usedonly").GetProperty("stats");
        Assert.Equal("cluster.c.rq_total", stats[1].GetProperty("name").GetString());
        Assert.Equal(7, stats[1].GetProperty("value").GetInt32());
        JsonElement quantiles = stats[2].GetProperty("histograms").GetProperty("computed_quantiles");
        Assert.Equal("cluster.c.rq_time", quantiles[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("cumulative", 5, 2)]
    [InlineData("disjoint", 5, 1)]
    public void Histograms_AsJson_HaveBuckets(string mode, int index, int cumulative)
    {
        JsonElement histogram = Histograms(mode)[0];
        JsonElement bucket = histogram.GetProperty("buckets")[index];
        Assert.Equal("cluster.c.rq_time", histogram.GetProperty("name").GetString());
        Assert.Equal($"{{\"upper_bound\":50,\"interval\":0,\"cumulative\":{cumulative}}}", JsonSerializer.Serialize(bucket));
    }

    [Fact]
    public void Histograms_AsJsonInDetail_HaveEveryBucket()
    {
        JsonElement histograms = Histograms("detailed");
        JsonElement detail = histograms.GetProperty("details")[0];
        Assert.Equal(
            """[{"lower_bound":4,"width":0.1,"count":1},{"lower_bound":40,"width":1,"count":1}]""",
            JsonSerializer.Serialize(detail.GetProperty("totals")));
        Assert.Equal(histograms.GetProperty("supported_percentiles").GetArrayLength(), detail.GetProperty("percentiles").GetArrayLength());
    }

    [Theory]
    [InlineData("/stats?format=xml", "usage: /stats?format=")]
    [InlineData("/stats?type=Timers", "invalid &type= param")]
    [InlineData("/stats?type=1", "invalid &type= param")]
    [InlineData("/stats?filter=%5B", "Invalid re2 regex")]
    [InlineData("/stats?filter=(a)%5C1", "Invalid re2 regex")]
    [InlineData("/stats?histogram_buckets=all", "usage: /stats?histogram_buckets=")]
    [InlineData("/stats/prometheus?filter=%5B", "Invalid re2 regex")]
    [InlineData("/stats/prometheus?histogram_buckets=detailed", "unsupported prometheus histogram bucket mode")]
    public void Parameters_Bad_AreRefused(string target, string text)
    {
        AdminAnswer answer = _admin.Get(target);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(text, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/stats/prometheus")]
    [InlineData("/stats?format=prometheus")]
    public void Prometheus_PassesPromtool(string target)
    {
        AdminAnswer answer = _admin.Get(target);
        Assert.StartsWith("text/plain; version=0.0.4", answer.ContentType, StringComparison.Ordinal);
        Assert.Contains("envoy_cluster_rq_total{envoy_cluster_name=\"c\"} 7\n", answer.Text, StringComparison.Ordinal);
        if (Promtool.IsInstalled)
        {
            (int exitCode, string output) = Promtool.CheckMetrics(answer.Text);
            Assert.True(exitCode is 0 or 3, output);
            Assert.DoesNotContain("error", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    private JsonElement Histograms(string mode) => _admin.GetJson($"/stats?format=json&type=Histograms&histogram_buckets={mode}")
        .GetProperty("stats")[0].GetProperty("histograms");

    [Fact]
    public void ResetCounters_Posted_LeavesGauges()
    {
        Assert.Equal("OK\n", _admin.Post("/reset_counters").Text);
        string text = _admin.Get("/stats").Text;
        Assert.Contains("rq_total: 0\n", text, StringComparison.Ordinal);
        Assert.Contains("cx_active: 3\n", text, StringComparison.Ordinal);
    }
}
