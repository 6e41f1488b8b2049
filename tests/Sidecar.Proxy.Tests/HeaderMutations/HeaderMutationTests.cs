using System;
using Sidecar.Http.Headers;
using Sidecar.Proxy.HeaderMutations;
using Sidecar.Proxy.Routing;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;
using Sidecar.Proxy.Tests.Routing;

namespace Sidecar.Proxy.Tests.HeaderMutations;

public class HeaderMutationTests
{
    [Theory]
    [InlineData(HeaderAppendAction.AppendIfExistsOrAdd, "old|new", "new")]
    [InlineData(HeaderAppendAction.AddIfAbsent, "old", "new")]
    [InlineData(HeaderAppendAction.OverwriteIfExistsOrAdd, "new", "new")]
    [InlineData(HeaderAppendAction.OverwriteIfExists, "new", null)]
    public void Apply_AppendAction_DependsOnPresence(HeaderAppendAction action, string whenPresent, string? whenAbsent)
    {
        HeaderMutation mutation = Add(("x-a", "new", action));

        Assert.Equal(whenPresent, Apply(mutation, TestHeaders.Of(("x-a", "old"))).Text("x-a"));
        Assert.Equal(whenAbsent, Apply(mutation, TestHeaders.Of()).Text("x-a"));
    }

    [Fact]
    public void Apply_RemoveAndAddTheSame_RemovedFirst()
    {
        HeaderMutation mutation = HeaderMutation.Create([new() { Key = "x-a", Value = "new" }], ["X-A"]);

        Assert.Equal("new", Apply(mutation, TestHeaders.Of(("x-a", "1"), ("x-a", "2"))).Text("x-a"));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "")]
    public void Apply_EmptyValue_AddedOnlyWhenKept(bool keep, string? expected)
    {
        HeaderMutation mutation = HeaderMutation.Create([new() { Key = "x-a", Value = "%REQ(x-missing)%", KeepEmptyValue = keep }], []);

        Assert.Equal(expected, Apply(mutation, TestHeaders.Of()).Text("x-a"));
    }

    [Fact]
    public void Apply_ValuesReferToEachOther_AllSeeTheHeadersAsTheyWere()
    {
        HeaderMutation mutation = Add(
            ("x-a", "%REQ(x-b)%", HeaderAppendAction.OverwriteIfExistsOrAdd),
            ("x-b", "%REQ(x-a)%", HeaderAppendAction.OverwriteIfExistsOrAdd));

        HeaderMap headers = Apply(mutation, TestHeaders.Of(("x-a", "1"), ("x-b", "2")));

        Assert.Equal(("2", "1"), (headers.Text("x-a"), headers.Text("x-b")));
    }

    [Theory]
    [InlineData(":path")]
    [InlineData("Host")]
    [InlineData("host")]
    public void Create_PseudoHeaderOrHost_Refused(string name)
    {
        Assert.Contains("may not be modified", Assert.Throws<HeaderMutationException>(() => Add((name, "x", default))).Message);
        Assert.Contains("may not be removed", Assert.Throws<HeaderMutationException>(() => HeaderMutation.Create([], [name])).Message);
    }

    [Theory]
    [InlineData(false, "route,vhost,table", "table")]
    [InlineData(true, "table,vhost,route", "route")]
    public void FinalizeRequestHeaders_Levels_LaterOneWins(bool mostSpecificWins, string appended, string overwritten)
    {
        HeadersConfig Level(string level) => new()
        {
            RequestHeadersToAdd =
            [
                new() { Key = "x-append", Value = level },
                new() { Key = "x-set", Value = level, AppendAction = HeaderAppendAction.OverwriteIfExistsOrAdd },
            ],
        };
        RouteTable table = TestTables.Build(new RouteTableConfig
        {
            MostSpecificHeaderMutationsWins = mostSpecificWins,
            Headers = Level("table"),
            VirtualHosts =
            [
                new VirtualHostConfig
                {
                    Name = "all",
                    Domains = ["*"],
                    Headers = Level("vhost"),
                    Routes = [TestTables.To("c", PathMatchKind.Prefix, "/") with { Headers = Level("route") }],
                },
            ],
        });
        HeaderMap request = TestHeaders.Request("/");

        table.Find(request)!.FinalizeRequestHeaders(request, new StreamInfo());

        Assert.Equal(appended.Replace(',', '|'), request.Text("x-append"));
        Assert.Equal(overwritten, request.Text("x-set"));
    }

    [Fact]
    public void FinalizeResponseHeaders_Format_SeesRequestAndResponse()
    {
        RouteTable table = TestTables.Of(TestTables.To("c", PathMatchKind.Prefix, "/") with
        {
            Headers = new HeadersConfig
            {
                ResponseHeadersToAdd = [new() { Key = "x-echo", Value = "%REQ(:path)% %RESP(server)% 100%%" }],
                ResponseHeadersToRemove = ["server"],
            },
        });
        HeaderMap request = TestHeaders.Request("/p");
        HeaderMap response = TestHeaders.Of((":status", "200"), ("server", "x"));

        table.Find(request)!.FinalizeResponseHeaders(request, response, new StreamInfo());

        Assert.Equal("/p  100%", response.Text("x-echo"));
        Assert.Null(response.Text("server"));
    }

    [Fact]
    public void Apply_SteadyState_AllocatesNothing()
    {
        HeaderMutation mutation = Add(("x-a", "%REQ(:path)%-%RESPONSE_CODE%", HeaderAppendAction.OverwriteIfExistsOrAdd), ("x-b", "b", default));
        HeaderMap headers = TestHeaders.Request("/");
        var info = new StreamInfo();
        for (int i = 0; i < 3; i++)
        {
            Once();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Once();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Once()
        {
            headers.Clear();
            headers.Add(HeaderId.Path, "/"u8);
            var context = new FormatContext(info, headers);
            mutation.Apply(headers, in context);
        }
    }

    private static HeaderMutation Add(params (string Key, string Value, HeaderAppendAction Action)[] headers) => HeaderMutation.Create(
        Array.ConvertAll(headers, h => new HeaderValueOptionConfig { Key = h.Key, Value = h.Value, AppendAction = h.Action }), []);

    private static HeaderMap Apply(HeaderMutation mutation, HeaderMap headers)
    {
        var context = new FormatContext(new StreamInfo(), headers);
        mutation.Apply(headers, in context);
        return headers;
    }
}
