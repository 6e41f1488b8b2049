using System;
using System.Collections.Generic;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.Tests.Routing;

/// <summary>The compiled look-up finds what trying the routes one by one finds.</summary>
public class RouteTableEquivalenceTests
{
    private static readonly string[] s_segments = ["a", "b", "ab", "abc", "B", "v1", "v12", "", "x-y", "é"];
    private static readonly string[] s_regexes = ["/a.*", "/v[0-9]+/.*", ".*/b", "/(a|b)/c?", "/ab[^/]*", "/.*\\d", "/a/b"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Find_RandomTables_SameRouteAsFirstMatchInOrder(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 30; round++)
        {
            RouteTable table = TestTables.Of(RandomRoutes(random, random.Next(1, 60)));
            for (int i = 0; i < 200; i++)
            {
                HeaderMap request = TestHeaders.Request(RandomPath(random), "a.test", ("x-n", random.Next(3).ToString()));
                var context = new RouteContext(isSecure: false, (ulong)random.Next(1000));
                RouteEntry? expected = table.FindLinear(request, in context);
                RouteEntry? actual = table.Find(request, in context);
                Assert.Same(expected, actual);
            }
        }
    }

    [Fact]
    public void Find_RandomTables_SomeRequestsMatchAndSomeDoNot()
    {
        var random = new Random(99);
        int found = 0;
        int missed = 0;
        for (int round = 0; round < 100; round++)
        {
            RouteTable table = TestTables.Of(RandomRoutes(random, 5));
            for (int i = 0; i < 50; i++)
            {
                _ = table.Find(TestHeaders.Request(RandomPath(random))) is null ? missed++ : found++;
            }
        }

        Assert.InRange(found, 500, 4500);
        Assert.InRange(missed, 500, 4500);
    }

    [Fact]
    public void Find_TenThousandRoutes_EachPathFindsItsOwn()
    {
        var routes = new List<RouteConfig>();
        for (int i = 0; i < 5000; i++)
        {
            routes.Add(TestTables.To($"exact{i}", PathMatchKind.Exact, $"/svc{i}/exact"));
            routes.Add(TestTables.To($"prefix{i}", PathMatchKind.Prefix, $"/svc{i}/"));
        }

        RouteTable table = TestTables.Of([.. routes]);

        for (int i = 0; i < 5000; i++)
        {
            Assert.Equal($"exact{i}", table.ClusterOf($"/svc{i}/exact"));
            Assert.Equal($"prefix{i}", table.ClusterOf($"/svc{i}/other?q=1"));
        }
    }

    [Fact]
    public void Find_SteadyState_AllocatesNothing()
    {
        RouteTable table = TestTables.Of(RandomRoutes(new Random(5), 200));
        HeaderMap request = TestHeaders.Request("/ab/v12/x-y?q=1", "a.test", ("x-n", "1"));
        for (int i = 0; i < 100; i++)
        {
            table.Find(request, (ulong)i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            table.Find(request, (ulong)i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RouteConfig[] RandomRoutes(Random random, int count)
    {
        var routes = new RouteConfig[count];
        for (int i = 0; i < count; i++)
        {
            routes[i] = TestTables.To($"c{i}", RandomMatch(random));
        }

        return routes;
    }

    private static RouteMatchConfig RandomMatch(Random random)
    {
        var kind = (PathMatchKind)random.Next(4);
        string path = RandomPath(random).Split('?')[0];
        return new RouteMatchConfig
        {
            PathKind = kind,
            Path = kind switch
            {
                PathMatchKind.SafeRegex => s_regexes[random.Next(s_regexes.Length)],
                PathMatchKind.PathSeparatedPrefix => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/a",
                _ => path,
            },
            CaseSensitive = random.Next(4) != 0,
            Headers = random.Next(3) == 0
                ? [new HeaderMatcherConfig
                {
                    Name = "x-n",
                    Kind = HeaderMatchKind.String,
                    StringMatch = new StringMatcherConfig { Kind = StringMatchKind.Exact, Value = random.Next(3).ToString() },
                }]
                : [],
            RuntimeFraction = random.Next(6) == 0 ? new RuntimeFraction(new FractionalPercent((uint)random.Next(100), 100)) : null,
        };
    }

    private static string RandomPath(Random random)
    {
        string path = string.Empty;
        int segments = random.Next(1, 5);
        for (int i = 0; i < segments; i++)
        {
            path += "/" + s_segments[random.Next(s_segments.Length)];
        }

        return random.Next(4) == 0 ? path + "?q=/a" : path;
    }
}
