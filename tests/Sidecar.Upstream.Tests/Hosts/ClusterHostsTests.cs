using System.Linq;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.Hosts;

public class ClusterHostsTests
{
    private static ClusterHosts Create(HostIdentity identity = HostIdentity.Address) => new(new StatStore(), CommonLbSettings.Default, identity);

    [Fact]
    public void Update_SameAddress_KeepsTheHost()
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0), Endpoint(1)]));
        Host first = hosts.All().First();

        HostsUpdate update = hosts.Update(ByPriority([Endpoint(0, weight: 5), Endpoint(2)]));

        Assert.Same(first, hosts.All().First());
        Assert.Equal(5u, update.Set.HostSets[0].Hosts.All[0].Weight);
        Assert.Equal([AddressOf(2)], update.Added.Select(h => h.Address));
        Assert.Equal([AddressOf(1)], update.Removed.Select(h => h.Address));
    }

    [Fact]
    public void Update_NothingDiffers_NothingToPublish()
    {
        ClusterHosts hosts = Create();
        PrioritySet before = hosts.Update(ByPriority([Endpoint(0), Endpoint(1)])).Set;

        HostsUpdate update = hosts.Update(ByPriority([Endpoint(0), Endpoint(1)]));

        Assert.False(update.IsChanged);
        Assert.Same(before, update.Set);
    }

    [Theory]
    [InlineData(EndpointHealthStatus.Unknown, HostHealth.Healthy)]
    [InlineData(EndpointHealthStatus.Healthy, HostHealth.Healthy)]
    [InlineData(EndpointHealthStatus.Unhealthy, HostHealth.Unhealthy)]
    [InlineData(EndpointHealthStatus.Draining, HostHealth.Unhealthy)]
    [InlineData(EndpointHealthStatus.Timeout, HostHealth.Unhealthy)]
    [InlineData(EndpointHealthStatus.Degraded, HostHealth.Degraded)]
    public void Update_HealthStatus_BecomesHealth(EndpointHealthStatus status, HostHealth health)
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0)]));

        HostsUpdate update = hosts.Update(ByPriority([Endpoint(0, health: status)]));

        Assert.Equal(health, hosts.All().Single().Health);
        Assert.Equal(health == HostHealth.Healthy ? 1 : 0, update.Set.HealthyCount);
        Assert.Equal(health == HostHealth.Degraded ? 1 : 0, update.Set.DegradedCount);
    }

    [Fact]
    public void Update_OtherHostname_IsAnotherHost()
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0)]));

        HostsUpdate update = hosts.Update(ByPriority([Endpoint(0) with { Hostname = "a.example" }]));

        Assert.Single(update.Added);
        Assert.Single(update.Removed);
    }

    [Fact]
    public void Update_MovedToAnotherPriority_KeepsTheHost()
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0)], []));

        HostsUpdate update = hosts.Update(ByPriority([], [Endpoint(0)]));

        Assert.True(update.IsChanged);
        Assert.Empty(update.Added);
        Assert.Single(update.Set.HostSets[1].Hosts.All);
    }

    [Theory]
    [InlineData(HostIdentity.Address, 1)]
    [InlineData(HostIdentity.AddressWithDuplicates, 2)]
    public void Update_DuplicateAddress_KeptOnlyForStatic(HostIdentity identity, int count)
    {
        HostsUpdate update = Create(identity).Update(ByPriority([Endpoint(0), Endpoint(0)]));

        Assert.Equal(count, update.Set.HostCount);
        Assert.Single(update.Added);
    }

    [Fact]
    public void Update_GapInPriorities_EmptySetsInBetween()
    {
        HostsUpdate update = Create().Update(ByPriority([Endpoint(0)], [], [Endpoint(1)]));

        Assert.Equal(3, update.Set.HostSets.Length);
        Assert.Empty(update.Set.HostSets[1].Hosts.All);
    }

    [Fact]
    public void Refresh_AfterAFailedCheck_HostIsOutOfTheHealthyOnes()
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0), Endpoint(1)]));

        hosts.All().First().SetHealthFlags(HostHealthFlags.FailedActiveHc, on: true);

        Assert.Equal([AddressOf(1)], hosts.Refresh().HostSets[0].Hosts.Healthy.Select(h => h.Host.Address));
    }

    [Fact]
    public void Update_FromEds_LeavesTheHealthChecksVerdict()
    {
        ClusterHosts hosts = Create();
        hosts.Update(ByPriority([Endpoint(0)]));
        hosts.All().First().SetHealthFlags(HostHealthFlags.FailedActiveHc, on: true);

        hosts.Update(ByPriority([Endpoint(0, health: EndpointHealthStatus.Healthy)]));

        Assert.Equal(HostHealth.Unhealthy, hosts.All().Single().Health);
    }
}
