using System.Linq;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.Hosts;

/// <summary>The tables of Envoy's documentation on priority levels, degraded endpoints and panic.</summary>
public class PriorityLoadTests
{
    private static PriorityLoad Of(double panicPercent, params (int Healthy, int Degraded, int Total)[] priorities)
    {
        HostModel[][] endpoints = priorities
            .Select((p, i) => Endpoints(p.Healthy, p.Degraded, p.Total - p.Healthy - p.Degraded, first: i * 1000))
            .ToArray();
        var hosts = new ClusterHosts(
            new StatStore(), new CommonLbSettings { HealthyPanicThresholdPercent = panicPercent }, HostIdentity.Address);
        return hosts.Update(ByPriority(endpoints)).Set.Load;
    }

    private static int[] Percent(System.ReadOnlySpan<byte> load)
    {
        var percent = new int[load.Length];
        for (int i = 0; i < percent.Length; i++)
        {
            percent[i] = load[i];
        }

        return percent;
    }

    [Theory]
    [InlineData(100, 100, 100, 0)]
    [InlineData(72, 72, 100, 0)]
    [InlineData(71, 71, 99, 1)]
    [InlineData(50, 50, 70, 30)]
    [InlineData(25, 100, 35, 65)]
    [InlineData(25, 25, 50, 50)]
    public void Load_TwoPriorities_AsDocumented(int healthyP0, int healthyP1, int loadP0, int loadP1)
    {
        PriorityLoad load = Of(0, (healthyP0, 0, 100), (healthyP1, 0, 100));

        Assert.Equal([loadP0, loadP1], Percent(load.HealthyPercent));
    }

    [Theory]
    [InlineData(100, 100, 100, 100, 0, 0)]
    [InlineData(50, 50, 100, 70, 30, 0)]
    [InlineData(25, 10, 100, 35, 14, 51)]
    [InlineData(25, 0, 0, 100, 0, 0)]
    [InlineData(0, 0, 20, 0, 0, 100)]
    public void Load_ThreePriorities_AsDocumented(int h0, int h1, int h2, int l0, int l1, int l2)
    {
        PriorityLoad load = Of(0, (h0, 0, 100), (h1, 0, 100), (h2, 0, 100));

        Assert.Equal([l0, l1, l2], Percent(load.HealthyPercent));
    }

    [Theory]
    [InlineData(0, 100, 0, 100)]
    [InlineData(50, 50, 70, 30)]
    [InlineData(5, 5, 50, 50)]
    public void Load_DegradedOfOnePriority_TakesTheRest(int healthy, int degraded, int healthyLoad, int degradedLoad)
    {
        PriorityLoad load = Of(0, (healthy, degraded, 100));

        Assert.Equal(healthyLoad, load.HealthyPercent[0]);
        Assert.Equal(degradedLoad, load.DegradedPercent[0]);
    }

    [Fact]
    public void Load_HealthyOfAllPriorities_BeforeAnyDegraded()
    {
        PriorityLoad load = Of(0, (0, 100, 100), (25, 0, 100));

        Assert.Equal([0, 35], Percent(load.HealthyPercent));
        Assert.Equal([65, 0], Percent(load.DegradedPercent));
    }

    [Fact]
    public void Panic_TotalHealthReached_NoPriorityPanics()
    {
        PriorityLoad load = Of(50, (25, 0, 100), (80, 0, 100));

        Assert.Equal([false, false], load.Panic.ToArray());
    }

    [Fact]
    public void Panic_EverythingBelowTheThreshold_LoadBySize()
    {
        PriorityLoad load = Of(50, (10, 0, 100), (10, 0, 300));

        Assert.Equal([true, true], load.Panic.ToArray());
        Assert.Equal([25, 75], Percent(load.HealthyPercent));
    }

    [Fact]
    public void Panic_OnePriorityBelow_OnlyThatOnePanics()
    {
        PriorityLoad load = Of(50, (5, 0, 100), (60, 0, 100));

        Assert.Equal([true, false], load.Panic.ToArray());
    }

    [Fact]
    public void Panic_NoHostAvailable_AllHostsOfEveryPriority()
    {
        PriorityLoad load = Of(50, (0, 0, 100), (0, 0, 100));

        Assert.Equal([true, true], load.Panic.ToArray());
        Assert.Equal([50, 50], Percent(load.HealthyPercent));
    }

    [Fact]
    public void Choose_EveryHash_FollowsTheLoad()
    {
        PriorityLoad load = Of(0, (50, 0, 100), (50, 0, 100));

        int first = Enumerable.Range(0, 100).Count(hash => load.Choose((ulong)hash).Priority == 0);
        Assert.Equal(70, first);
    }
}
