using System.Collections.Generic;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Clusters;

/// <summary>A name (or literal address) of a DNS cluster and what the hosts made of its addresses are like. Immutable; thread: any.</summary>
public sealed record DnsEndpoint
{
    /// <summary>What is resolved.</summary>
    public required string DnsName { get; init; }

    public required int Port { get; init; }

    /// <summary>The endpoint's <c>hostname</c>; empty means <see cref="DnsName"/>.</summary>
    public string Hostname { get; init; } = string.Empty;

    public uint Weight { get; init; } = 1;

    public EndpointHealthStatus HealthStatus { get; init; }

    public bool Canary { get; init; }

    public int HealthCheckPort { get; init; }

    public object? Metadata { get; init; }
}

/// <summary>The names of one locality at one priority. Immutable; thread: any.</summary>
/// <param name="Locality">Where the hosts run.</param>
/// <param name="Priority">0 is tried first.</param>
/// <param name="Weight">See <see cref="LocalityEndpointsModel"/>.</param>
/// <param name="Endpoints">In configured order.</param>
public sealed record DnsLocality(Locality Locality, uint Priority, uint Weight, IReadOnlyList<DnsEndpoint> Endpoints);
