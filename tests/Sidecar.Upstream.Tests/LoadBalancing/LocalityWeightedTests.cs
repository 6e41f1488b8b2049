using System.Linq;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using static Sidecar.Upstream.Tests.TestHosts;

namespace Sidecar.Upstream.Tests.LoadBalancing;

public class LocalityWeightedTests
{
    private static readonly ClusterModel s_model = new() { Name = "c", CommonLb = new CommonLbSettings { LocalityWeighted = true } };

    private static LoadAssignmentModel Assignment(params LocalityEndpointsModel[] localities) => new() { Localities = localities };

    [Fact]
    public void Choose_HealthyLocalities_ShareByTheirWeights()
    {
        int[] counts = new BalancedCluster(
            s_model,
            Assignment(Locality("a", 1, Endpoints(4)), Locality("b", 3, Endpoints(1, first: 10)))).Pick(4_000);

        Assert.InRange(counts[4], 2_990, 3_010);
        Assert.All(counts[..4], count => Assert.InRange(count, 245, 255));
    }

    [Fact]
    public void Choose_LocalityHalfUnhealthy_GivesUpShareBelowTheOverprovisionedPart()
    {
        // Effective weights: 1 x min(1, 1.4 x 1/2) = 0.7 and 1.
        int[] counts = new BalancedCluster(
            s_model,
            Assignment(Locality("a", 1, Endpoints(2, unhealthy: 2)), Locality("b", 1, Endpoints(4, first: 10)))).Pick(17_000);

        Assert.InRange(counts[..4].Sum(), 6_900, 7_100);
    }

    [Fact]
    public void Choose_LocalityOfWeightZero_GetsNothing()
    {
        int[] counts = new BalancedCluster(
            s_model,
            Assignment(Locality("a", 0, Endpoints(1)), Locality("b", 1, Endpoints(1, first: 10)))).Pick(100);

        Assert.Equal([0, 100], counts);
    }

    [Fact]
    public void Choose_NoLocalityHasWeight_AllHostsAlike()
    {
        int[] counts = new BalancedCluster(
            s_model,
            Assignment(Locality("a", 0, Endpoints(1)), Locality("b", 0, Endpoints(1, first: 10)))).Pick(100);

        Assert.Equal([50, 50], counts);
    }

    [Fact]
    public void Choose_WithoutLocalityWeights_LocalitiesDoNotMatter()
    {
        int[] counts = new BalancedCluster(
            new ClusterModel { Name = "c" },
            Assignment(Locality("a", 1, Endpoints(1)), Locality("b", 99, Endpoints(1, first: 10)))).Pick(100);

        Assert.Equal([50, 50], counts);
    }
}
