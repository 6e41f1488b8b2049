using Sidecar.Http.Headers;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Tests.Routing;

public class RewriteTests
{
    [Theory]
    [InlineData(PathMatchKind.Prefix, "/api/", "/", "/api/users?x=1", "/users?x=1")]
    [InlineData(PathMatchKind.Prefix, "/api", "/v2", "/api", "/v2")]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/api", "/v2", "/api/users", "/v2/users")]
    [InlineData(PathMatchKind.Exact, "/api", "/v2", "/api?x=1", "/v2?x=1")]
    [InlineData(PathMatchKind.SafeRegex, "/a.*", "/v2", "/abc?x=1", "/v2?x=1")]
    public void PrefixRewrite_MatchedPartReplaced_OriginalKept(PathMatchKind kind, string match, string rewrite, string path, string expected)
    {
        HeaderMap request = Finalize(kind, match, path, new RouteActionConfig { Cluster = "c", PrefixRewrite = rewrite });

        Assert.Equal(expected, request.Text(":path"));
        Assert.Equal(path, request.Text("x-envoy-original-path"));
    }

    [Fact]
    public void RegexRewrite_GroupsSubstituted_QueryUntouched()
    {
        var action = new RouteActionConfig { Cluster = "c", RegexRewrite = new RegexRewriteConfig("^/service/([^/]+)(/.*)$", "\\2/instance/\\1") };

        HeaderMap request = Finalize(PathMatchKind.Prefix, "/", "/service/foo/v1/api?service/foo", action);

        Assert.Equal("/v1/api/instance/foo?service/foo", request.Text(":path"));
    }

    [Theory]
    [InlineData("new.test", "", "new.test")]
    [InlineData("", "x-host", "from-header.test")]
    [InlineData("", "x-absent", "a.test")]
    public void HostRewrite_LiteralOrHeader_HostReplaced(string literal, string header, string expected)
    {
        var action = new RouteActionConfig { Cluster = "c", HostRewriteLiteral = literal, HostRewriteHeader = header, AppendXForwardedHost = true };

        HeaderMap request = Finalize(PathMatchKind.Prefix, "/", "/", action, ("x-host", "from-header.test"));

        Assert.Equal(expected, request.Text(":authority"));
        Assert.Equal(expected == "a.test" ? null : "a.test", request.Text("x-forwarded-host"));
    }

    [Fact]
    public void HostRewrite_PathRegex_HostComesFromPath()
    {
        var action = new RouteActionConfig { Cluster = "c", HostRewritePathRegex = new RegexRewriteConfig("^/(.+)/.+$", "\\1") };

        HeaderMap request = Finalize(PathMatchKind.Prefix, "/", "/envoyproxy.io/some/path?rewrite_me=1", action);

        Assert.Equal("envoyproxy.io/some", request.Text(":authority"));
    }

    [Fact]
    public void SetHost_Twice_ForwardedHostNotRepeated()
    {
        RouteEntry entry = Entry(PathMatchKind.Prefix, "/", "/", new RouteActionConfig { Cluster = "c", AutoHostRewrite = true, AppendXForwardedHost = true });
        HeaderMap request = TestHeaders.Request("/", "a.test", ("x-forwarded-host", "first.test"));

        entry.Forward!.SetHost(request, "b.test"u8);

        Assert.Equal("b.test", request.Text(":authority"));
        Assert.Equal("first.test,a.test", request.Text("x-forwarded-host"));
    }

    [Fact]
    public void FinalizeRequestHeaders_SuppressEnvoyHeaders_NoOriginalPath()
    {
        RouteEntry entry = Entry(PathMatchKind.Prefix, "/a", "/a", new RouteActionConfig { Cluster = "c", PrefixRewrite = "/b" });
        HeaderMap request = TestHeaders.Request("/a");

        entry.FinalizeRequestHeaders(request, new StreamInfo(), insertOriginalPath: false);

        Assert.Null(request.Text("x-envoy-original-path"));
    }

    [Fact]
    public void Build_RewriteNamesMissingGroup_Error()
    {
        var config = new RouteActionConfig { Cluster = "c", RegexRewrite = new RegexRewriteConfig("a", "\\1") };

        var error = Assert.Throws<RouteConfigException>(() => Entry(PathMatchKind.Prefix, "/", "/", config));

        Assert.Contains("group 1", error.Message);
    }

    private static HeaderMap Finalize(
        PathMatchKind kind, string match, string path, RouteActionConfig action, params (string Name, string Value)[] more)
    {
        RouteEntry entry = Entry(kind, match, path, action);
        HeaderMap request = TestHeaders.Request(path, "a.test", more);
        entry.FinalizeRequestHeaders(request, new StreamInfo());
        return request;
    }

    private static RouteEntry Entry(PathMatchKind kind, string match, string path, RouteActionConfig action) =>
        TestTables.Of(new RouteConfig { Match = new RouteMatchConfig { PathKind = kind, Path = match }, Route = action })
            .Find(TestHeaders.Request(path))!;
}
