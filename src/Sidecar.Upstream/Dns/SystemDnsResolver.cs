using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Sidecar.Event;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Upstream.Dns;

/// <summary>
/// The system's resolver (getaddrinfo: /etc/hosts, resolv.conf, nsswitch), which blocks and therefore has threads of its own. It tells no
/// time to live: <c>respect_dns_ttl</c> cannot be followed. Thread: main.
/// </summary>
public sealed class SystemDnsResolver : DnsResolver, IDisposable
{
    private const int ThreadCount = 2;

    private readonly Dispatcher _main;
    private readonly BlockingCollection<DnsQuery> _queries = [];

    public SystemDnsResolver(Dispatcher main)
    {
        _main = main;
        for (int i = 0; i < ThreadCount; i++)
        {
            new Thread(Serve) { IsBackground = true, Name = $"dns_{i}" }.Start();
        }
    }

    public override void Resolve(DnsQuery query) => _queries.Add(query);

    /// <summary>Ends the threads after the look-ups under way; their answers are dropped with main's loop.</summary>
    public void Dispose() => _queries.CompleteAdding();

    /// <summary>Of all addresses those that a family setting wants.</summary>
    internal static IReadOnlyList<IPAddress> Select(ReadOnlySpan<IPAddress> all, DnsLookupFamily family)
    {
        List<IPAddress> v4 = [];
        List<IPAddress> v6 = [];
        foreach (IPAddress address in all)
        {
            (address.AddressFamily == AddressFamily.InterNetwork ? v4 : v6).Add(address);
        }

        switch (family)
        {
            case DnsLookupFamily.V4Only:
                return v4;
            case DnsLookupFamily.V6Only:
                return v6;
            case DnsLookupFamily.V4Preferred:
                return v4.Count > 0 ? v4 : v6;
            case DnsLookupFamily.All:
                return all.ToArray();
            default:
                return v6.Count > 0 ? v6 : v4;
        }
    }

    private static void Lookup(DnsQuery query)
    {
        try
        {
            query.Complete(DnsStatus.Completed, Select(System.Net.Dns.GetHostAddresses(query.Name), query.Family));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            query.Complete(DnsStatus.Completed, []);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            query.Complete(DnsStatus.Failure, []);
        }
    }

    private void Serve()
    {
        foreach (DnsQuery query in _queries.GetConsumingEnumerable())
        {
            Lookup(query);
            _main.Post(query);
        }
    }
}
