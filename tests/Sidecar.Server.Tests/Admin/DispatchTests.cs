using System;
using System.Linq;
using Sidecar.Server.Admin;

namespace Sidecar.Server.Tests.Admin;

public sealed class DispatchTests
{
    private readonly AdminHarness _admin = new();

    [Theory]
    [InlineData("/nope")]
    [InlineData("/stats/")]
    [InlineData("/ready/x?y=z")]
    [InlineData("")]
    public void Path_Unknown_AnswersNotFoundWithTheCommands(string target)
    {
        AdminAnswer answer = _admin.Get(target);
        Assert.Equal(404, answer.Status);
        Assert.StartsWith("invalid path. admin commands are:\n  /: ", answer.Text, StringComparison.Ordinal);
        Assert.Contains("  /quitquitquit (POST): ", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/quitquitquit")]
    [InlineData("/healthcheck/fail")]
    [InlineData("/healthcheck/ok")]
    [InlineData("/drain_listeners")]
    [InlineData("/reset_counters")]
    [InlineData("/reopen_logs")]
    [InlineData("/logging")]
    [InlineData("/runtime_modify?a=b")]
    [InlineData("/cpuprofiler?enable=y")]
    public void Path_ThatChangesState_TakesOnlyPost(string target)
    {
        AdminAnswer answer = _admin.Get(target);
        Assert.Equal(405, answer.Status);
        Assert.Equal("Method GET not allowed, POST required.", answer.Text);
        Assert.Equal("POST", answer.Header("allow"));
        Assert.Empty(_admin.Server.Calls);
    }

    [Fact]
    public void Help_ListsEveryPathSortedWithItsParameters()
    {
        string[] lines = _admin.Get("/help").Text.Split('\n');
        Assert.Equal("admin commands are:", lines[0]);
        string[] paths = [.. lines.Where(l => l.StartsWith("  /", StringComparison.Ordinal)).Select(l => l.Split(':', ' ')[2])];
        Assert.Equal(_admin.Handlers.All.Select(h => h.Path), paths);
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
        Assert.Contains("      format: output format; One of (text, json)", lines);
    }

    [Theory]
    [InlineData("a=1&b=2", "b", "2")]
    [InlineData("a", "a", "")]
    [InlineData("a=1&a=2", "a", "1")]
    [InlineData("a=x=y", "a", "x=y")]
    [InlineData("f=%5Ecluster%2B.%e2%82%ac", "f", "^cluster+.€")]
    [InlineData("f=a+b", "f", "a+b")]
    [InlineData("f=100%&g=1", "f", "100%")]
    [InlineData("f=%zz%4", "f", "%zz%4")]
    [InlineData("&&a=1&", "a", "1")]
    [InlineData("a=1", "b", null)]
    public void Query_Parsed_GivesDecodedValues(string text, string name, string? value)
    {
        Assert.True(AdminQuery.TryParse(text, out AdminQuery query));
        Assert.Equal(value, query[name]);
    }

    [Fact]
    public void Query_WithTooManyParameters_IsRefused()
    {
        string text = string.Join('&', Enumerable.Range(0, AdminQuery.MaxParameters).Select(i => $"p{i}"));
        Assert.NotNull(AdminRequest.TryCreate("GET", "/stats?" + text));
        Assert.Null(AdminRequest.TryCreate("GET", "/stats?more&" + text));
    }

    [Fact]
    public void Parameters_OfPostedForm_AreRead()
    {
        Assert.Equal("OK\n", _admin.Post("/drain_listeners", "graceful=on&inboundonly=on").Text);
        Assert.Equal([new ListenerDrain(InboundOnly: true, Graceful: true, SkipExit: false).ToString()], _admin.Server.Calls);
    }
}
