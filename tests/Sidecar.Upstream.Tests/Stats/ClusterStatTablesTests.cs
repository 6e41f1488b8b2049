using System;
using System.Linq;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Stats;

public class ClusterStatTablesTests
{
    public static TheoryData<StatTable, Type> Tables => new()
    {
        { ClusterConfigStats.ConfigUpdate, typeof(ClusterConfigUpdateStat) },
        { ClusterConfigStats.Endpoint, typeof(ClusterEndpointStat) },
        { ClusterConfigStats.LoadBalancing, typeof(ClusterLbStat) },
        { ClusterTrafficStats.Traffic, typeof(ClusterTrafficStat) },
        { ClusterTrafficStats.LoadReport, typeof(ClusterLoadReportStat) },
        { ClusterTrafficStats.Sizes, typeof(ClusterSizeStat) },
        { ClusterTrafficStats.TimeoutBudget, typeof(ClusterTimeoutBudgetStat) },
        { CircuitBreakerStats.WithRemaining, typeof(CircuitBreakerStat) },
        { ClusterManagerStats.ClusterManager, typeof(ClusterManagerStat) },
        { HostStats.Host, typeof(HostStat) },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void Table_Lines_StandInTheOrderOfTheEnum(StatTable table, Type members)
    {
        Assert.Equal(Enum.GetNames(members), table.Definitions.Select(d => Camel(d.Name)));
    }

    [Fact]
    public void CircuitBreakers_WithoutRemaining_IsAPrefixOfTheFullTable()
    {
        string[] open = CircuitBreakerStats.Open.Definitions.Select(d => d.Name).ToArray();

        Assert.Equal(open, CircuitBreakerStats.WithRemaining.Definitions.Take(open.Length).Select(d => d.Name));
    }

    [Fact]
    public void ClusterScope_AllTables_NoNameTwice()
    {
        StatTable[] tables =
        [
            ClusterConfigStats.ConfigUpdate, ClusterConfigStats.Endpoint, ClusterConfigStats.LoadBalancing, ClusterTrafficStats.Traffic,
            ClusterTrafficStats.Sizes, ClusterTrafficStats.TimeoutBudget, ResponseCodeStats.Table,
        ];

        string[] names = tables.SelectMany(t => t.Definitions).Select(d => d.Name).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    private static string Camel(string name)
    {
        var text = new StringBuilder();
        foreach (string part in name.Split('_'))
        {
            text.Append(char.ToUpperInvariant(part[0])).Append(part, 1, part.Length - 1);
        }

        return text.ToString();
    }
}
