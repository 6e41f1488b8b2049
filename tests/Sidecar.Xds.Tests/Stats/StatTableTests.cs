using System;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Xds.Stats;

namespace Sidecar.Xds.Tests.Stats;

/// <summary>The tables' lines stand in the order of their enums, with Envoy's names.</summary>
public sealed class StatTableTests
{
    [Fact]
    public void SubscriptionTable_MatchesItsEnum() => AssertMatches<SubscriptionStat>(SubscriptionStats.Table);

    [Fact]
    public void EdsTable_MatchesItsEnum() => AssertMatches<EdsSubscriptionStat>(SubscriptionStats.EdsTable);

    [Fact]
    public void ControlPlaneTable_MatchesItsEnum() => AssertMatches<ControlPlaneStat>(ControlPlaneStats.Table);

    [Fact]
    public void RdsTable_MatchesItsEnum() => AssertMatches<RdsStat>(RdsStats.Table);

    private static void AssertMatches<TEnum>(StatTable table)
        where TEnum : struct, Enum
    {
        string[] names = Array.ConvertAll(Enum.GetNames<TEnum>(), SnakeCase);
        Assert.True(table.Matches(names), string.Join(", ", names));
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            text.Append(char.IsUpper(c) && text.Length > 0 ? "_" : string.Empty).Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
