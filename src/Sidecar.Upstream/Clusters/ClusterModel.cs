using System.Collections.Generic;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Network.TransportSockets;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// A configured cluster: every default resolved, every list compiled. What its discovery finds (the hosts) is not here but in
/// <see cref="Hosts.PrioritySet"/>, so that it can change alone. Immutable, shared by all workers; thread: any.
/// </summary>
public sealed record ClusterModel
{
    public required string Name { get; init; }

    /// <summary><c>alt_stat_name</c>; empty means <see cref="Name"/>.</summary>
    public string AltStatName { get; init; } = string.Empty;

    /// <summary>The name in stats, logs and traces.</summary>
    public string ObservabilityName => AltStatName.Length > 0 ? AltStatName : Name;

    /// <summary>Prefix of the cluster's stats.</summary>
    public string StatScope => $"cluster.{ObservabilityName.Replace(':', '_')}.";

    /// <summary>Of the configuration it was built from: an update with the same one changes nothing. 0 means unknown.</summary>
    public ulong ConfigHash { get; init; }

    public ClusterDiscoveryType Type { get; init; }

    /// <summary><c>eds_cluster_config.service_name</c>; empty means <see cref="Name"/>.</summary>
    public string EdsServiceName { get; init; } = string.Empty;

    public UpstreamConnectionSettings Connection { get; init; } = UpstreamConnectionSettings.Default;

    public LoadBalancerSettings LoadBalancer { get; init; } = LoadBalancerSettings.Default;

    public CommonLbSettings CommonLb { get; init; } = CommonLbSettings.Default;

    public CircuitBreakerSettings CircuitBreakers { get; init; } = CircuitBreakerSettings.Default;

    public UpstreamHttpVersion HttpVersion { get; init; }

    /// <summary>For connections that speak HTTP/1, whatever <see cref="HttpVersion"/> chooses them by.</summary>
    public Http1Settings Http1 { get; init; } = Http1Settings.Default;

    /// <summary>For connections that speak HTTP/2.</summary>
    public Http2Settings Http2 { get; init; } = Http2Settings.Default;

    public CommonHttpSettings CommonHttp { get; init; } = CommonHttpSettings.Default;

    public DnsSettings Dns { get; init; } = DnsSettings.Default;

    /// <summary>The names of a DNS cluster; empty for the other types.</summary>
    public IReadOnlyList<DnsLocality> DnsLocalities { get; init; } = [];

    /// <summary>The hosts of a STATIC cluster, and the policy part of a DNS cluster's <c>load_assignment</c>.</summary>
    public LoadAssignmentModel LoadAssignment { get; init; } = LoadAssignmentModel.Empty;

    /// <summary>Raw or TLS, for every host without a transport socket match.</summary>
    public TransportSocketFactory TransportSocket { get; init; } = RawBufferSocketFactory.Instance;

    /// <summary><c>metadata</c> as its converter built it; read by the filters and formatters that know its shape.</summary>
    public object? Metadata { get; init; }

    /// <summary>Requests are refused once the drop share of the load assignment is met (<c>drop_overloads</c>), in millionths.</summary>
    public uint DropOverloadPerMillion { get; init; }

    /// <summary>The cluster answers 404/503 itself because it is being maintained (<c>upstream.maintenance_mode</c>), in percent.</summary>
    public uint MaintenanceModePercent { get; init; }

    /// <summary>Added by discovery rather than by the bootstrap: may be removed.</summary>
    public bool AddedViaApi { get; init; }

    /// <summary><c>wait_for_warm_on_init</c>.</summary>
    public bool WaitForWarmOnInit { get; init; } = true;

    /// <summary><c>drain_connections_on_host_removal</c> (<c>ignore_health_on_host_removal</c>).</summary>
    public bool IgnoreHealthOnHostRemoval { get; init; }

    /// <summary><c>track_cluster_stats.request_response_sizes</c>.</summary>
    public bool TrackRequestResponseSizes { get; init; }

    /// <summary><c>track_cluster_stats.timeout_budgets</c>.</summary>
    public bool TrackTimeoutBudgets { get; init; }
}
