using System.Linq;
using System.Net;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Event;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Dns;

namespace Sidecar.Upstream.Tests.Dns;

public class SystemDnsResolverTests
{
    [Theory]
    [InlineData(DnsLookupFamily.Auto, "::1 10.0.0.1", "::1")]
    [InlineData(DnsLookupFamily.Auto, "10.0.0.1", "10.0.0.1")]
    [InlineData(DnsLookupFamily.V4Only, "::1 10.0.0.1", "10.0.0.1")]
    [InlineData(DnsLookupFamily.V4Only, "::1", "")]
    [InlineData(DnsLookupFamily.V6Only, "::1 10.0.0.1", "::1")]
    [InlineData(DnsLookupFamily.V4Preferred, "::1 10.0.0.1", "10.0.0.1")]
    [InlineData(DnsLookupFamily.V4Preferred, "::1", "::1")]
    [InlineData(DnsLookupFamily.All, "::1 10.0.0.1", "::1 10.0.0.1")]
    public void Select_Family_AsConfigured(DnsLookupFamily family, string all, string wanted)
    {
        IPAddress[] addresses = all.Split(' ').Select(IPAddress.Parse).ToArray();

        Assert.Equal(wanted, string.Join(' ', SystemDnsResolver.Select(addresses, family)));
    }

    [Fact]
    public void Resolve_Localhost_AnsweredOnMain()
    {
        using var main = new Dispatcher("main_thread", RealTimeSource.Instance, new StatSheet("main_thread"));
        using var resolver = new SystemDnsResolver(main);
        var handler = new Recorder(main);

        resolver.Resolve(new DnsQuery("localhost", DnsLookupFamily.V4Preferred, handler));
        main.Run(RunType.RunUntilExit);

        Assert.Equal(DnsStatus.Completed, handler.Query!.Status);
        Assert.All(handler.Query.Addresses, address => Assert.True(IPAddress.IsLoopback(address)));
        Assert.NotEmpty(handler.Query.Addresses);
    }

    private sealed class Recorder(Dispatcher main) : DnsResultHandler
    {
        public DnsQuery? Query { get; private set; }

        public override void OnResolved(DnsQuery query)
        {
            Query = query;
            main.Exit();
        }
    }
}
