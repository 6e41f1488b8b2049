using System;

namespace Sidecar.Upstream.Hosts;

/// <summary>What the balancer makes of a host.</summary>
public enum HostHealth : byte
{
    /// <summary>Used in panic only.</summary>
    Unhealthy = 0,

    /// <summary>Used when the healthy ones are not enough.</summary>
    Degraded,
    Healthy,
}

/// <summary><c>health_status</c> of an endpoint. Values are Envoy's.</summary>
public enum EndpointHealthStatus : byte
{
    /// <summary>Healthy as far as the control plane knows.</summary>
    Unknown = 0,
    Healthy,
    Unhealthy,

    /// <summary>Takes no new requests; those under way finish.</summary>
    Draining,
    Timeout,
    Degraded,
}

/// <summary>Why a host is not simply healthy; several may hold at once. The names are those that <c>/clusters</c> prints.</summary>
[Flags]
public enum HostHealthFlags
{
    None = 0,
    FailedActiveHc = 1 << 0,
    FailedOutlierCheck = 1 << 1,
    FailedEdsHealth = 1 << 2,
    DegradedActiveHc = 1 << 3,
    DegradedEdsHealth = 1 << 4,

    /// <summary>Gone from discovery but kept while its health check passes.</summary>
    PendingDynamicRemoval = 1 << 5,

    /// <summary>Not seen by its health check yet.</summary>
    PendingActiveHc = 1 << 6,

    /// <summary>Asked to be left alone (<c>x-envoy-immediate-health-check-fail</c>).</summary>
    ExcludedViaImmediateHcFail = 1 << 7,
    ActiveHcTimeout = 1 << 8,
    EdsStatusDraining = 1 << 9,

    /// <summary>Any of these makes a host unhealthy.</summary>
    AnyUnhealthy = FailedActiveHc | FailedOutlierCheck | FailedEdsHealth | EdsStatusDraining,

    /// <summary>Any of these makes a host degraded.</summary>
    AnyDegraded = DegradedActiveHc | DegradedEdsHealth,

    /// <summary>Any of these takes a host out of the count for panic and priorities.</summary>
    AnyExcluded = PendingActiveHc | ExcludedViaImmediateHcFail | EdsStatusDraining,
}
