using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.Tests.Routing;

public class RedirectTests
{
    [Theory]
    [InlineData("http://a.test/x?y=1", "https://a.test/x?y=1")]
    [InlineData("http://a.test:80/x", "https://a.test/x")]
    [InlineData("http://a.test:8080/x", "https://a.test:8080/x")]
    [InlineData("http://[::1]:80/x", "https://[::1]/x")]
    [InlineData("http://[::1]/x", "https://[::1]/x")]
    [InlineData("https://a.test:443/x", "https://a.test:443/x")]
    public void BuildLocation_HttpsRedirect_DefaultPortOfTheOldSchemeGoes(string url, string expected)
    {
        Assert.Equal(expected, Location(new RedirectActionConfig { HttpsRedirect = true }, url));
    }

    [Fact]
    public void BuildLocation_EverythingReplaced_NothingOfTheRequestIsLeft()
    {
        var config = new RedirectActionConfig { SchemeRedirect = "ftp", HostRedirect = "b.test", PortRedirect = 21, PathRedirect = "/new?z=2" };

        Assert.Equal("ftp://b.test:21/new?z=2", Location(config, "http://a.test:80/x?y=1"));
    }

    [Theory]
    [InlineData("/new", false, "http://a.test/new?y=1")]
    [InlineData("/new", true, "http://a.test/new")]
    [InlineData("/new?z=2", true, "http://a.test/new?z=2")]
    public void BuildLocation_PathRedirect_RequestsQueryUnlessStrippedOrReplaced(string path, bool strip, string expected)
    {
        Assert.Equal(expected, Location(new RedirectActionConfig { PathRedirect = path, StripQuery = strip }, "http://a.test/x?y=1"));
    }

    [Theory]
    [InlineData(false, "http://a.test/new/rest?y=1")]
    [InlineData(true, "http://a.test/new/rest")]
    public void BuildLocation_PrefixRewrite_RestOfThePathStays(bool strip, string expected)
    {
        Assert.Equal(expected, Location(new RedirectActionConfig { PrefixRewrite = "/new", StripQuery = strip }, "http://a.test/old/rest?y=1", "/old"));
    }

    [Fact]
    public void BuildLocation_RegexRewrite_GroupsSubstituted()
    {
        var config = new RedirectActionConfig { RegexRewrite = new RegexRewriteConfig("^/(\\w+)/(\\w+)", "/\\2/\\1") };

        Assert.Equal("http://a.test/b/a?y=1", Location(config, "http://a.test/a/b?y=1"));
    }

    [Fact]
    public void BuildLocation_PortRedirect_ReplacesTheRequestsPort()
    {
        Assert.Equal("http://a.test:8443/", Location(new RedirectActionConfig { PortRedirect = 8443 }, "http://a.test:8080/"));
    }

    [Fact]
    public void DirectResponse_BodyOverTheLimit_Refused()
    {
        RouteTableConfig config = TestTables.ConfigOf(new RouteConfig
        {
            Match = new RouteMatchConfig { Path = "/" },
            DirectResponse = new DirectResponseActionConfig(200, new byte[11]),
        }) with { MaxDirectResponseBodySizeBytes = 10 };

        var error = Assert.Throws<RouteConfigException>(() => TestTables.Build(config));

        Assert.Contains("response body size is 11 bytes; maximum is 10", error.Message);
    }

    private static string Location(RedirectActionConfig config, string url, string match = "/")
    {
        RouteTable table = TestTables.Of(new RouteConfig { Match = new RouteMatchConfig { Path = match }, Redirect = config });
        string[] parts = url.Split("://");
        int slash = parts[1].IndexOf('/');
        HeaderMap request = TestHeaders.Of(
            (":method", "GET"), (":scheme", parts[0]), (":authority", parts[1][..slash]), (":path", parts[1][slash..]));
        var output = new TextBuffer();
        table.Find(request)!.Redirect!.BuildLocation(request, output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
