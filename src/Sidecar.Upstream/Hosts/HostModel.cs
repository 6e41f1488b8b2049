using Sidecar.Network.Addresses;

namespace Sidecar.Upstream.Hosts;

/// <summary>A configured or discovered endpoint; its <see cref="LocalityEndpointsModel"/> says where it runs. Immutable; thread: any.</summary>
public sealed record HostModel
{
    public required Address Address { get; init; }

    /// <summary>The endpoint's <c>hostname</c>, or the name that DNS resolved; for host rewrite and SNI. Empty when there is none.</summary>
    public string Hostname { get; init; } = string.Empty;

    /// <summary><c>load_balancing_weight</c>, at least 1.</summary>
    public uint Weight { get; init; } = 1;

    public EndpointHealthStatus HealthStatus { get; init; }

    /// <summary>From the endpoint's <c>envoy.lb</c> metadata.</summary>
    public bool Canary { get; init; }

    /// <summary><c>health_check_config.port_value</c>; 0 means the address's own.</summary>
    public int HealthCheckPort { get; init; }

    /// <summary>Metadata as its converter built it; read by the filters and formatters that know its shape.</summary>
    public object? Metadata { get; init; }
}
