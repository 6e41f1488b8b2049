using Sidecar.Network.Listeners;

namespace Sidecar.Network.Filters;

/// <summary>Where a filter chain's worker state lives. Thread: the worker.</summary>
public sealed class FilterChainContext
{
    public required Worker Worker { get; init; }

    public required ListenerModel Listener { get; init; }

    public required FilterChainModel FilterChain { get; init; }

    /// <summary>Says when connections of this listener's generation should be closed after their current request.</summary>
    public required DrainDecision Drain { get; init; }
}
