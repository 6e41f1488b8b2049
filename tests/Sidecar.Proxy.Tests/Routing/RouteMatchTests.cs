using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

public class RouteMatchTests
{
    [Theory]
    [InlineData(PathMatchKind.Exact, "/a", "/a?x=1#f", true)]
    [InlineData(PathMatchKind.Exact, "/a", "/a/", false)]
    [InlineData(PathMatchKind.Exact, "/a", "/A", false)]
    [InlineData(PathMatchKind.Prefix, "/a", "/ab", true)]
    [InlineData(PathMatchKind.Prefix, "/a", "/b?/a", false)]
    [InlineData(PathMatchKind.Prefix, "", "/anything", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/a", "/a", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/a", "/a/b", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/a", "/a?b", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/a", "/ab", false)]
    [InlineData(PathMatchKind.SafeRegex, "/a[0-9]+", "/a12?x=1", true)]
    [InlineData(PathMatchKind.SafeRegex, "/a[0-9]+", "/a12/b", false)]
    public void Find_PathKinds_MatchAsEnvoyDoes(PathMatchKind kind, string pattern, string path, bool expected)
    {
        RouteTable table = TestTables.Of(TestTables.To("c", kind, pattern));

        Assert.Equal(expected, table.ClusterOf(path) is not null);
    }

    [Theory]
    [InlineData(PathMatchKind.Exact, "/Abc", "/aBC", true)]
    [InlineData(PathMatchKind.Prefix, "/Abc", "/aBCd", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/Abc", "/aBC/d", true)]
    [InlineData(PathMatchKind.Prefix, "/Abc", "/aB", false)]
    public void Find_NotCaseSensitive_CaseIgnored(PathMatchKind kind, string pattern, string path, bool expected)
    {
        RouteTable table = TestTables.Of(TestTables.To("c", kind, pattern, caseSensitive: false));

        Assert.Equal(expected, table.ClusterOf(path) is not null);
    }

    [Fact]
    public void Find_OrderMixesCaseSensitivity_FirstWins()
    {
        RouteTable table = TestTables.Of(
            TestTables.To("insensitive", PathMatchKind.Prefix, "/A", caseSensitive: false),
            TestTables.To("sensitive", PathMatchKind.Prefix, "/a"));

        Assert.Equal("insensitive", table.ClusterOf("/a"));
    }

    [Fact]
    public void Find_Connect_OnlyConnectMatcherMatches()
    {
        RouteTable table = TestTables.Of(
            TestTables.To("prefix", PathMatchKind.Prefix, ""),
            TestTables.To("connect", PathMatchKind.Connect, ""));
        HeaderMap request = TestHeaders.Of((":method", "CONNECT"), (":authority", "a.test:443"));

        Assert.Equal("connect", table.Find(request)?.Name);
        Assert.Equal("prefix", table.ClusterOf("/"));
    }

    [Theory]
    [InlineData("application/grpc", "grpc")]
    [InlineData("application/grpc+proto", "grpc")]
    [InlineData("application/grpc-web", "other")]
    [InlineData("text/plain", "other")]
    public void Find_Grpc_ByContentType(string contentType, string expected)
    {
        RouteTable table = TestTables.Of(
            TestTables.To("grpc", new RouteMatchConfig { Path = "/", Grpc = true }),
            TestTables.To("other", PathMatchKind.Prefix, "/"));

        Assert.Equal(expected, table.Find(TestHeaders.Request("/s/m", "a", ("content-type", contentType)))?.Name);
    }

    [Theory]
    [InlineData("/?v=2", true)]
    [InlineData("/?u&v=2&w", true)]
    [InlineData("/?v=1&v=2", false)]
    [InlineData("/?vv=2", false)]
    [InlineData("/", false)]
    public void Find_QueryParameter_FirstValueCompared(string path, bool expected)
    {
        var match = new RouteMatchConfig
        {
            Path = "/",
            QueryParameters = [new QueryParameterMatcherConfig { Name = "v", StringMatch = new() { Kind = StringMatchKind.Exact, Value = "2" } }],
        };
        RouteTable table = TestTables.Of(TestTables.To("c", match));

        Assert.Equal(expected, table.ClusterOf(path) is not null);
    }

    [Theory]
    [InlineData(0UL, true)]
    [InlineData(24UL, true)]
    [InlineData(25UL, false)]
    public void Find_RuntimeFraction_RandomDecides(ulong random, bool expected)
    {
        var match = new RouteMatchConfig { Path = "/", RuntimeFraction = new RuntimeFraction(new FractionalPercent(25, 100)) };
        RouteTable table = TestTables.Of(TestTables.To("c", match));

        Assert.Equal(expected, table.ClusterOf("/", random: random) is not null);
    }

    [Theory]
    [InlineData(0UL, "one")]
    [InlineData(19UL, "one")]
    [InlineData(20UL, "two")]
    [InlineData(99UL, "two")]
    [InlineData(100UL, "one")]
    public void Find_WeightedClusters_RandomChoosesByWeight(ulong random, string expected)
    {
        RouteTable table = Weighted(headerName: "");

        Assert.Equal(expected, table.ClusterOf("/", random: random));
    }

    [Fact]
    public void Find_WeightedClustersWithHeader_HeaderReplacesRandom()
    {
        RouteTable table = Weighted(headerName: "x-lot");

        Assert.Equal("two", table.Find(TestHeaders.Request("/", "a", ("x-lot", "50")), random: 0)?.Cluster?.Name);
    }

    [Fact]
    public void Find_RequireTlsOverPlainHttp_RedirectsToHttps()
    {
        RouteTable table = TestTables.Build(new RouteTableConfig
        {
            VirtualHosts = [TestTables.Host("all", "*") with { RequireTls = TlsRequirement.All }],
        });

        Assert.Equal(RouteActionKind.Redirect, table.Find(TestHeaders.Request("/", "a", ("x-forwarded-proto", "http")))?.Kind);
        Assert.Equal(RouteActionKind.Cluster, table.Find(TestHeaders.Request("/", "a", ("x-forwarded-proto", "https")))?.Kind);
    }

    [Fact]
    public void Find_RequireTlsExternalOnly_InternalRequestsPass()
    {
        RouteTable table = TestTables.Build(new RouteTableConfig
        {
            VirtualHosts = [TestTables.Host("all", "*") with { RequireTls = TlsRequirement.ExternalOnly }],
        });

        Assert.Equal(RouteActionKind.Cluster, table.Find(TestHeaders.Request("/", "a", ("x-envoy-internal", "true")))?.Kind);
        Assert.Equal(RouteActionKind.Redirect, table.Find(TestHeaders.Request("/"))?.Kind);
    }

    [Fact]
    public void Build_SeveralMistakes_AllReportedWithTheirPlace()
    {
        var error = Assert.Throws<RouteConfigException>(() => TestTables.Of(
            TestTables.To("bad-regex", PathMatchKind.SafeRegex, "/(a"),
            TestTables.To("bad-header", PathMatchKind.Prefix, "/") with
            {
                Headers = new HeadersConfig { RequestHeadersToAdd = [new() { Key = ":path", Value = "/x" }] },
            }));

        Assert.Equal(2, error.Errors.Count);
        Assert.Contains("route 0 (bad-regex)", error.Errors[0]);
        Assert.Contains(":-prefixed or host headers may not be modified", error.Errors[1]);
    }

    private static RouteTable Weighted(string headerName) => TestTables.Of(new RouteConfig
    {
        Match = new RouteMatchConfig { Path = "/" },
        Route = new RouteActionConfig
        {
            WeightedClusters = new WeightedClustersConfig
            {
                Clusters = [new() { Name = "one", Weight = 20 }, new() { Name = "two", Weight = 80 }],
                HeaderName = headerName,
            },
        },
    });
}
