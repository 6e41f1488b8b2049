using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

public class DomainTests
{
    [Theory]
    [InlineData("a.example.com", "exact")]
    [InlineData("A.Example.COM", "exact")]
    [InlineData("b.example.com", "suffix-long")]
    [InlineData("x.b.example.com", "suffix-long")]
    [InlineData("b.other.com", "suffix-short")]
    [InlineData("api.foo", "prefix-short")]
    [InlineData("api.internal.foo", "prefix-long")]
    [InlineData("nothing", "any")]
    [InlineData(".example.com", "suffix-short")]
    [InlineData("a.example.com:80", "any")]
    public void Find_Authority_MostSpecificDomainWins(string authority, string expected)
    {
        RouteTable table = TestTables.WithDomains(
            ("any", ["*"]),
            ("suffix-short", ["*.com"]),
            ("suffix-long", ["*.example.com"]),
            ("prefix-short", ["api.*"]),
            ("prefix-long", ["api.internal.*"]),
            ("exact", ["a.example.com"]));

        Assert.Equal(expected, table.ClusterOf("/", authority));
    }

    [Fact]
    public void Find_NoDomainMatches_Null()
    {
        RouteTable table = TestTables.WithDomains(("one", ["a.test"]));

        Assert.Null(table.ClusterOf("/", "b.test"));
    }

    [Theory]
    [InlineData("a.test:8080", "one")]
    [InlineData("[::1]:8080", "six")]
    [InlineData("[::1]", "six")]
    public void Find_IgnorePort_HostAloneCounts(string authority, string expected)
    {
        RouteTable table = TestTables.Build(new RouteTableConfig
        {
            VirtualHosts = [TestTables.Host("one", "a.test"), TestTables.Host("six", "[::1]")],
            IgnorePortInHostMatching = true,
        });

        Assert.Equal(expected, table.ClusterOf("/", authority));
    }

    [Fact]
    public void Find_VeryLongAuthority_SuffixStillMatches()
    {
        RouteTable table = TestTables.WithDomains(("suffix", ["*.test"]));

        Assert.Equal("suffix", table.ClusterOf("/", new string('a', 1000) + ".test"));
    }

    [Fact]
    public void Build_DuplicateDomain_ErrorNamesIt()
    {
        var error = Assert.Throws<RouteConfigException>(() => TestTables.WithDomains(("one", ["a.test"]), ("two", ["A.test"])));

        Assert.Contains("Only unique values for domains are permitted. Duplicate entry of domain a.test in route table", error.Message);
    }

    [Fact]
    public void Build_TwoWildcards_Error()
    {
        var error = Assert.Throws<RouteConfigException>(() => TestTables.WithDomains(("one", ["*"]), ("two", ["*"])));

        Assert.Contains("Only a single wildcard domain is permitted in route table", error.Message);
    }
}
