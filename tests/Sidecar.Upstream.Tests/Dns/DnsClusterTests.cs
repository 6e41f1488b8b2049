using System;
using System.Linq;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Dns;

public sealed class DnsClusterTests : IDisposable
{
    private readonly ClusterFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private static ClusterModel Model(ClusterDiscoveryType type, params string[] names) => new()
    {
        Name = "c",
        Type = type,
        CommonLb = new CommonLbSettings { UpdateMergeWindowMs = 0 },
        DnsLocalities =
        [
            new DnsLocality(Locality.Empty, 0, 0, names.Select(name => new DnsEndpoint { DnsName = name, Port = 80 }).ToArray()),
        ],
    };

    private string Addresses() =>
        string.Join(' ', _fixture.Get("c")!.Hosts.HostSets[0].Hosts.All.Select(host => host.Host.AddressText).Order());

    private void Answer(string name, params string[] addresses) => _fixture.Resolver.Answer(_fixture.Main, name, addresses);

    [Fact]
    public void StrictDns_EveryAddressOfEveryName_IsAHost()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a", "b"));
        Answer("a", "10.0.0.1", "10.0.0.2");
        Assert.Null(_fixture.Get("c"));

        Answer("b", "10.0.0.3");

        Assert.Equal("10.0.0.1:80 10.0.0.2:80 10.0.0.3:80", Addresses());
        Assert.All(_fixture.Manager.FindActive("c")!.Hosts.All().Take(2), host => Assert.Equal("a", host.Hostname));
    }

    [Fact]
    public void StrictDns_LiteralAddress_NotResolved()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "127.0.0.1"));

        Assert.Equal("127.0.0.1:80", Addresses());
        Assert.Empty(_fixture.Resolver.Queries);
    }

    [Fact]
    public void StrictDns_FailureAtFirst_WarmWithoutHostsAndTriedAgain()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a"));
        _fixture.Resolver.Fail(_fixture.Main, "a");
        Assert.Equal(0, _fixture.Get("c")!.Hosts.HostCount);

        _fixture.Advance(5_001);
        Answer("a", "10.0.0.1");

        Assert.Equal("10.0.0.1:80", Addresses());
        Assert.Equal(2, _fixture.Stat(ClusterConfigUpdateStat.UpdateAttempt));
        Assert.Equal(1, _fixture.Stat(ClusterConfigUpdateStat.UpdateFailure));
        Assert.Equal(1, _fixture.Stat(ClusterConfigUpdateStat.UpdateSuccess));
    }

    [Fact]
    public void StrictDns_FailureLater_KeepsTheHosts()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a"));
        Answer("a", "10.0.0.1");
        _fixture.Advance(5_001);

        _fixture.Resolver.Fail(_fixture.Main, "a");

        Assert.Equal("10.0.0.1:80", Addresses());
    }

    [Fact]
    public void StrictDns_NameGone_HostsGone()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a"));
        Answer("a", "10.0.0.1");
        _fixture.Advance(5_001);

        Answer("a");

        Assert.Equal(0, _fixture.Get("c")!.Hosts.HostCount);
        Assert.Equal(1, _fixture.Stat(ClusterConfigUpdateStat.UpdateEmpty));
    }

    [Fact]
    public void StrictDns_RefreshRate_NotBefore()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a"));
        Answer("a", "10.0.0.1");

        _fixture.Advance(4_998);
        Assert.Empty(_fixture.Resolver.Queries);
        _fixture.Advance(3);

        Assert.Single(_fixture.Resolver.Queries);
    }

    [Fact]
    public void StrictDns_FailureBackOff_GrowsWithinItsLimit()
    {
        ClusterModel model = Model(ClusterDiscoveryType.StrictDns, "a") with
        {
            Dns = new DnsSettings { FailureBaseIntervalMs = 100, FailureMaxIntervalMs = 400 },
        };
        _fixture.Manager.AddOrUpdate(model);
        long longest = 0;
        for (int i = 0; i < 100; i++)
        {
            _fixture.Resolver.Fail(_fixture.Main, "a");
            long waited = 0;
            while (_fixture.Resolver.Queries.Count == 0)
            {
                _fixture.Advance(1);
                waited++;
            }

            Assert.InRange(waited, 1, i == 0 ? 102 : 402);
            longest = Math.Max(longest, waited);
        }

        Assert.InRange(longest, 201, 402);
    }

    [Fact]
    public void LogicalDns_NewAddress_SameHost()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.LogicalDns, "a"));
        Answer("a", "10.0.0.1", "10.0.0.2");
        HostWorkerState host = _fixture.Get("c")!.ChooseHost(default)!;
        Assert.Equal("10.0.0.1:80", host.Host.AddressText);
        _fixture.Advance(5_001);

        Answer("a", "10.0.0.9");

        Assert.Same(host, _fixture.Get("c")!.ChooseHost(default));
        Assert.Equal("10.0.0.9:80", host.Host.AddressText);
        Assert.Equal(1, _fixture.Stat(ClusterEndpointStat.MembershipChange));
    }

    [Fact]
    public void LogicalDns_EmptyAnswer_KeepsTheAddress()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.LogicalDns, "a"));
        Answer("a", "10.0.0.1");
        _fixture.Advance(5_001);

        Answer("a");

        Assert.Equal("10.0.0.1:80", Addresses());
    }

    [Fact]
    public void Removed_AnswerUnderWay_Ignored()
    {
        _fixture.Manager.AddOrUpdate(Model(ClusterDiscoveryType.StrictDns, "a") with { AddedViaApi = true });

        _fixture.Manager.Remove("c");
        Answer("a", "10.0.0.1");
        _fixture.Settle();

        Assert.Null(_fixture.Get("c"));
        _fixture.Advance(20_000);
        Assert.Empty(_fixture.Resolver.Queries);
    }
}
