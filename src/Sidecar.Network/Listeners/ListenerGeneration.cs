using Sidecar.Core.Stats;
using Sidecar.Network.Addresses;

namespace Sidecar.Network.Listeners;

/// <summary>
/// One version of a listener: model, drain signal, stats. A changed listener is a new generation on the same sockets; the old one's
/// connections go on until its drain time is over. Made on main, shared by the workers; immutable but for the signal and the limit.
/// </summary>
internal sealed class ListenerGeneration
{
    public required ListenerModel Model { get; init; }

    /// <summary>Where the sockets are bound.</summary>
    public required Address BoundAddress { get; init; }

    public required StatRange Stats { get; init; }

    /// <summary>By worker index.</summary>
    public required StatRange[] WorkerStats { get; init; }

    public required DrainDecision Drain { get; init; }

    /// <summary>Shared by all generations of the listener.</summary>
    public required ConnectionLimit Limit { get; init; }
}
