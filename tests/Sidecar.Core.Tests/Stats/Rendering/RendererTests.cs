using System;
using System.Buffers;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Core.Stats.Rendering;

namespace Sidecar.Core.Tests.Stats.Rendering;

public sealed class RendererTests
{
    private static readonly StatTable s_cluster = new(
        "cluster",
        StatTable.Counter("upstream_rq_total"),
        StatTable.Gauge("upstream_rq_active"),
        StatTable.Histogram("upstream_rq_time", StatUnit.Milliseconds));

    private readonly StatStore _store = new();
    private readonly StatCatalog _catalog;

    public RendererTests()
    {
        StatSheet sheet = _store.CreateSheet("worker_0");
        _catalog = new StatCatalog(_store, new StatsOptions());
        StatBlock b = sheet.Block(_store.Register("cluster.b.", s_cluster).Range);
        StatBlock a = sheet.Block(_store.Register("cluster.a-1.", s_cluster).Range);
        _store.Register("server.", new StatTable("server", StatTable.Gauge("live")));
        a.Add(0, 3);
        b.Set(1, 2);
        a.Record(2, 1);
    }

    [Fact]
    public void Text_IsSortedWithHistogramsLast() => Assert.Equal(
        """
        cluster.a-1.upstream_rq_active: 0
        cluster.a-1.upstream_rq_total: 3
        cluster.b.upstream_rq_active: 2
        cluster.b.upstream_rq_total: 0
        server.live: 0
        cluster.a-1.upstream_rq_time: P0(nan,1) P25(nan,1.025) P50(nan,1.05) P75(nan,1.075) P90(nan,1.09) P95(nan,1.095) P99(nan,1.099) P99.5(nan,1.0995) P99.9(nan,1.0999) P100(nan,1.1)
        cluster.b.upstream_rq_time: No recorded values

        """,
        Render(StatsTextRenderer.Render, StatsQuery.All));

    [Fact]
    public void Text_AfterAFlush_ShowsTheInterval()
    {
        new StatsFlusher(_catalog).Flush();
        Assert.Contains("P0(1,1) P25(1.025,1.025)", Render(StatsTextRenderer.Render, StatsQuery.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, null, null, "cluster.a-1.upstream_rq_total|cluster.b.upstream_rq_active|cluster.a-1.upstream_rq_time")]
    [InlineData(false, "active$", null, "cluster.a-1.upstream_rq_active|cluster.b.upstream_rq_active")]
    [InlineData(false, null, "Counters", "cluster.a-1.upstream_rq_total|cluster.b.upstream_rq_total")]
    [InlineData(false, "b", "Histograms", "cluster.b.upstream_rq_time")]
    [InlineData(false, null, "TextReadouts", "")]
    public void Query_Selects(bool usedOnly, string? filter, string? type, string expected)
    {
        Assert.True(StatsQuery.TryCreate(usedOnly, filter, type, out StatsQuery query, out _));
        string[] lines = Render(StatsTextRenderer.Render, query).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected, string.Join('|', Array.ConvertAll(lines, l => l[..l.IndexOf(':')])));
    }

    [Theory]
    [InlineData("(", null, "Invalid re2 regex")]
    [InlineData(null, "Nonsense", "invalid &type= param")]
    [InlineData(null, "1", "invalid &type= param")]
    public void Query_Invalid_SaysWhy(string? filter, string? type, string expected)
    {
        Assert.False(StatsQuery.TryCreate(usedOnly: false, filter, type, out _, out string? error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasEnvoysShape()
    {
        StatsQuery.TryCreate(usedOnly: true, null, null, out StatsQuery query, out _);
        string json = Render(StatsJsonRenderer.Render, query);
        Assert.StartsWith(
            """{"stats":[{"name":"cluster.a-1.upstream_rq_total","value":3},{"name":"cluster.b.upstream_rq_active","value":2},{"histograms":{"supported_quantiles":[0,25,50,75,90,95,99,99.5,99.9,100],"computed_quantiles":[{"name":"cluster.a-1.upstream_rq_time","values":[{"cumulative":1,"interval":null},{"cumulative":1.025,"interval":null},""",
            json,
            StringComparison.Ordinal);
        Assert.EndsWith("""{"cumulative":1.1,"interval":null}]}]}}]}""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_GroupsFamiliesWithOneType()
    {
        StatsQuery.TryCreate(usedOnly: false, "rq_(total|active)|live", null, out StatsQuery query, out _);
        Assert.Equal(
            """
            # TYPE envoy_cluster_upstream_rq_total counter
            envoy_cluster_upstream_rq_total{envoy_cluster_name="a-1"} 3
            envoy_cluster_upstream_rq_total{envoy_cluster_name="b"} 0

            # TYPE envoy_cluster_upstream_rq_active gauge
            envoy_cluster_upstream_rq_active{envoy_cluster_name="a-1"} 0
            envoy_cluster_upstream_rq_active{envoy_cluster_name="b"} 2

            # TYPE envoy_server_live gauge
            envoy_server_live{} 0


            """,
            Render(StatsPrometheusRenderer.Render, query));
    }

    [Fact]
    public void Prometheus_Histogram_HasCumulativeBuckets()
    {
        StatsQuery.TryCreate(usedOnly: true, "time", null, out StatsQuery query, out _);
        string text = Render(StatsPrometheusRenderer.Render, query);
        Assert.StartsWith(
            """
            # TYPE envoy_cluster_upstream_rq_time histogram
            envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="a-1",le="0.5"} 0
            envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="a-1",le="1"} 0
            envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="a-1",le="5"} 1

            """,
            text,
            StringComparison.Ordinal);
        Assert.EndsWith(
            """
            envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="a-1",le="3600000"} 1
            envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="a-1",le="+Inf"} 1
            envoy_cluster_upstream_rq_time_sum{envoy_cluster_name="a-1"} 1
            envoy_cluster_upstream_rq_time_count{envoy_cluster_name="a-1"} 1


            """,
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_LabelValues_AreEscaped()
    {
        _store.Register("cluster.q\"\\.", new StatTable("t", StatTable.Counter("x")));
        Assert.Contains("envoy_cluster_x{envoy_cluster_name=\"q\\\"\\\\\"} 0", Render(StatsPrometheusRenderer.Render, StatsQuery.All), StringComparison.Ordinal);
    }

    [Fact]
    public void Prometheus_IsAcceptedByPromtool()
    {
        if (!Promtool.IsInstalled)
        {
            return;
        }

        (int exitCode, string output) = Promtool.CheckMetrics(Render(StatsPrometheusRenderer.Render, StatsQuery.All));

        // 3 is its opinion on names (no _total, no help), which are Envoy's; 1 is a parse error.
        Assert.True(exitCode is 0 or 3, output);
        Assert.DoesNotContain("error while linting", output, StringComparison.Ordinal);
    }

    private string Render(Action<StatCatalog, StatsQuery, IBufferWriter<byte>> render, StatsQuery query)
    {
        var output = new ArrayBufferWriter<byte>();
        render(_catalog, query, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
