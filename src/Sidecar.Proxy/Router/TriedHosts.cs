using System;
using System.Collections.Generic;
using Sidecar.Proxy.Routing;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.LoadBalancing;

namespace Sidecar.Proxy.Router;

/// <summary>
/// The hosts that a request has met, and the policy's wish not to meet them again (<c>previous_hosts</c>,
/// <c>omit_canary_hosts</c>). Pooled with the router; thread: the worker.
/// </summary>
internal sealed class TriedHosts : HostPredicate
{
    private const string PreviousHosts = "envoy.retry_host_predicates.previous_hosts";
    private const string OmitCanaryHosts = "envoy.retry_host_predicates.omit_canary_hosts";

    private readonly List<Host> _hosts = new(4);
    private bool _avoidsPrevious;
    private bool _avoidsCanaries;

    /// <summary>Null on the first attempt and without predicates: any host will do.</summary>
    public HostPredicate? Predicate => _hosts.Count > 0 && (_avoidsPrevious || _avoidsCanaries) ? this : null;

    public uint MaxAttempts { get; private set; }

    public void Begin(RetryPolicyModel policy)
    {
        _hosts.Clear();
        _avoidsPrevious = false;
        _avoidsCanaries = false;
        MaxAttempts = policy.HostSelectionMaxAttempts;
        for (int i = 0; i < policy.HostPredicates.Count; i++)
        {
            _avoidsPrevious |= policy.HostPredicates[i].Equals(PreviousHosts, StringComparison.Ordinal);
            _avoidsCanaries |= policy.HostPredicates[i].Equals(OmitCanaryHosts, StringComparison.Ordinal);
        }
    }

    public void Add(Host host) => _hosts.Add(host);

    public void Clear() => _hosts.Clear();

    public override bool ShouldSelectAnotherHost(Host host) => (_avoidsPrevious && _hosts.Contains(host)) || (_avoidsCanaries && host.Canary);
}
