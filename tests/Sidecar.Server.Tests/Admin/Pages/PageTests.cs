using System;
using System.Text.RegularExpressions;
using Sidecar.Core.Stats;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Pages;

namespace Sidecar.Server.Tests.Admin.Pages;

public sealed class PageTests
{
    private readonly AdminHarness _admin = new();

    [Fact]
    public void Home_HasAFormForEveryCommand()
    {
        AdminAnswer answer = _admin.Get("/");
        Assert.Equal("text/html; charset=UTF-8", answer.ContentType);
        foreach (AdminHandler handler in _admin.Handlers.All)
        {
            string method = handler.MutatesState ? "post" : "get";
            Assert.Contains($"action=\"{handler.Path}\" method=\"{method}\"", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Home_LoadsNothingFromElsewhere()
    {
        AdminAnswer answer = _admin.Get("/");
        Assert.DoesNotMatch(new Regex("https?://|<script|src="), answer.Text);
        Assert.StartsWith("default-src 'none'", answer.Header("content-security-policy"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_WithMarkup_IsEscaped() => Assert.Equal("&lt;a b=&quot;&#39;&quot;&gt;&amp;", HtmlText.Escape("<a b=\"'\">&"));

    [Fact]
    public void StatsPage_EscapesNamesAndParameters()
    {
        StatStore.Instance instance = _admin.Store.Register("cluster.<b>x&y.", StatTable.Counter("rq"));
        _admin.Sheet.Block(instance.Range).Increment(0);
        AdminAnswer answer = _admin.Get("/stats?format=html&filter=%5B%3Cb%3E%22%5D");
        Assert.Contains("cluster.&lt;b&gt;x&amp;y.rq: 1\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"filter\" value=\"[&lt;b&gt;&quot;]\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", answer.Text, StringComparison.Ordinal);
    }
}
