using System.Collections.Generic;

namespace Sidecar.Upstream.Clusters;

/// <summary>Which address families are asked for. Values are Envoy's.</summary>
public enum DnsLookupFamily : byte
{
    /// <summary>IPv6, and IPv4 when there is no IPv6 address.</summary>
    Auto = 0,
    V4Only,
    V6Only,

    /// <summary>IPv4, and IPv6 when there is no IPv4 address.</summary>
    V4Preferred,

    /// <summary>Both; every address is a host (for LOGICAL_DNS: of the one host).</summary>
    All,
}

/// <summary>How STRICT_DNS and LOGICAL_DNS clusters resolve. Immutable; thread: any.</summary>
public sealed record DnsSettings
{
    public static readonly DnsSettings Default = new();

    public DnsLookupFamily LookupFamily { get; init; }

    public long RefreshRateMs { get; init; } = 5000;

    /// <summary>Up to so much is added to each refresh, at random.</summary>
    public long JitterMs { get; init; }

    /// <summary>First wait after a failure; 0 means <see cref="RefreshRateMs"/>.</summary>
    public long FailureBaseIntervalMs { get; init; }

    /// <summary>Longest wait after failures; 0 means ten times the base.</summary>
    public long FailureMaxIntervalMs { get; init; }
}

/// <summary>A name that a DNS cluster resolves and what its addresses become. Immutable; thread: any.</summary>
public sealed record DnsEndpoint
{
    /// <summary>Name or literal address.</summary>
    public required string Hostname { get; init; }

    public required int Port { get; init; }

    /// <summary>Locality, weight, priority, metadata of each host made; its address is replaced.</summary>
    public required Hosts.HostModel Template { get; init; }
}

/// <summary>All names of a DNS cluster. Immutable; thread: any.</summary>
/// <param name="Endpoints">In configured order.</param>
/// <param name="OverprovisioningFactorPercent">See <see cref="Hosts.HostSet"/>.</param>
public sealed record DnsTargets(IReadOnlyList<DnsEndpoint> Endpoints, uint OverprovisioningFactorPercent = 140);
