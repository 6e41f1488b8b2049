using Sidecar.ControlPlane.Sessions;

namespace Sidecar.ControlPlane.Tests.Sessions;

public sealed class NodeFilterTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "any", true)]
    [InlineData("a", "a", true)]
    [InlineData("a", "ab", false)]
    [InlineData("a*", "ab", true)]
    [InlineData("*b", "ab", true)]
    [InlineData("a*c*e", "abcde", true)]
    [InlineData("a*c*e", "abde", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("ab*ba", "abba", true)]
    public void Allows_Pattern_MatchesTheWholeId(string pattern, string id, bool expected) =>
        Assert.Equal(expected, new NodeFilter(pattern).Allows(id));
}
