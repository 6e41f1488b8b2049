using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Stats;

public class ResponseCodeStatsTests
{
    private static List<string> Charged(int code, bool isInternal, bool isCanary)
    {
        var store = new StatStore();
        StatSheet sheet = store.CreateSheet("worker_0");
        StatStore.Instance instance = store.Register("cluster.c.", ResponseCodeStats.Table);
        ResponseCodeStats.Charge(sheet.Block(instance.Range), code, isInternal, isCanary);

        List<string> names = [];
        for (int i = 0; i < ResponseCodeStats.Table.Count; i++)
        {
            if (store.Sum(instance, i) == 1)
            {
                names.Add(ResponseCodeStats.Table.Definitions[i].Name);
            }
        }

        return names;
    }

    [Fact]
    public void Charge_ExternalRequest_CountsCompletedClassAndCode()
    {
        Assert.Equal(
            [
                "upstream_rq_completed", "upstream_rq_5xx", "upstream_rq_503",
                "external.upstream_rq_completed", "external.upstream_rq_5xx", "external.upstream_rq_503",
            ],
            Charged(503, isInternal: false, isCanary: false));
    }

    [Fact]
    public void Charge_InternalCanary_CountsBothVariants()
    {
        List<string> names = Charged(200, isInternal: true, isCanary: true);

        Assert.Contains("internal.upstream_rq_200", names);
        Assert.Contains("canary.upstream_rq_2xx", names);
        Assert.DoesNotContain("external.upstream_rq_200", names);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(226)]
    [InlineData(308)]
    [InlineData(431)]
    [InlineData(499)]
    [InlineData(511)]
    [InlineData(599)]
    public void Charge_CodeInUse_HasItsOwnLine(int code)
    {
        Assert.Contains($"upstream_rq_{code}", Charged(code, false, false));
    }

    [Theory]
    [InlineData(477, new[] { "upstream_rq_completed", "upstream_rq_4xx", "external.upstream_rq_completed", "external.upstream_rq_4xx" })]
    [InlineData(0, new[] { "upstream_rq_completed", "external.upstream_rq_completed" })]
    [InlineData(999, new[] { "upstream_rq_completed", "external.upstream_rq_completed" })]
    public void Charge_OtherCode_CountsWhatItCan(int code, string[] names)
    {
        Assert.Equal(names, Charged(code, false, false));
    }
}
