using Sidecar.Http.Headers;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>Hosts that a retry would rather not meet again (<c>retry_host_predicate</c>). Thread: the worker.</summary>
public abstract class HostPredicate
{
    /// <summary>True to ask for another host, as long as attempts are left.</summary>
    public abstract bool ShouldSelectAnotherHost(Host host);
}

/// <summary>What a request brings to the choice of its host; lent for the call. Thread: the worker.</summary>
public readonly ref struct LoadBalancerContext
{
    /// <summary>Of the route's hash policy; only when <see cref="HasHash"/>.</summary>
    public ulong Hash { get; init; }

    public bool HasHash { get; init; }

    /// <summary>Null accepts any host.</summary>
    public HostPredicate? Predicate { get; init; }

    /// <summary><c>host_selection_retry_max_attempts</c>: how often <see cref="Predicate"/> may refuse.</summary>
    public uint HostSelectionRetryMaxAttempts { get; init; }

    /// <summary>Overrides the shares of the priorities (<c>retry_priority</c>); null keeps the cluster's.</summary>
    public PriorityLoad? PriorityLoad { get; init; }

    /// <summary>Null for traffic without HTTP.</summary>
    public HeaderMap? DownstreamHeaders { get; init; }
}

/// <summary>Chooses hosts for one cluster on one worker. Thread: its worker.</summary>
public abstract class LoadBalancer
{
    /// <summary>A host, or null when there is none to offer.</summary>
    public abstract HostWorkerState? Choose(in LoadBalancerContext context);
}
