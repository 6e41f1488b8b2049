using System;
using Sidecar.Core.Stats;

namespace Sidecar.Core.Tests.Stats;

public sealed class StatsMatcherTests
{
    [Theory]
    [InlineData(StatsMatcher.MatchKind.Exact, "cluster.a.b", true)]
    [InlineData(StatsMatcher.MatchKind.Exact, "cluster.a", false)]
    [InlineData(StatsMatcher.MatchKind.Prefix, "cluster.", true)]
    [InlineData(StatsMatcher.MatchKind.Suffix, ".b", true)]
    [InlineData(StatsMatcher.MatchKind.Contains, "r.a", true)]
    [InlineData(StatsMatcher.MatchKind.Contains, "x", false)]
    [InlineData(StatsMatcher.MatchKind.SafeRegex, @"cluster\..*b", true)]
    [InlineData(StatsMatcher.MatchKind.SafeRegex, "cluster", false)]
    [InlineData(StatsMatcher.MatchKind.Prefix, "CLUSTER.", false)]
    public void Pattern_Matches(StatsMatcher.MatchKind kind, string value, bool expected)
    {
        var pattern = new StatsMatcher.Pattern(kind, value);
        Assert.Equal(expected, pattern.IsMatch("cluster.a.b"));
        Assert.Equal(expected, StatsMatcher.Exclude([pattern]).Rejects("cluster.a.b"));
        Assert.Equal(!expected, StatsMatcher.Include([pattern]).Rejects("cluster.a.b"));
    }

    [Fact]
    public void Pattern_IgnoringCase_Matches() =>
        Assert.True(new StatsMatcher.Pattern(StatsMatcher.MatchKind.Prefix, "CLUSTER.", ignoreCase: true).IsMatch("cluster.a"));

    [Fact]
    public void Pattern_InvalidRegex_Throws() =>
        Assert.ThrowsAny<ArgumentException>(() => new StatsMatcher.Pattern(StatsMatcher.MatchKind.SafeRegex, "("));

    [Fact]
    public void AcceptAllAndRejectAll_DoSo()
    {
        Assert.False(StatsMatcher.AcceptAll.Rejects("x"));
        Assert.True(StatsMatcher.RejectAll.Rejects("x"));
    }
}
