using Sidecar.Core.Stats;
using Sidecar.Event;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Xds.Stats;

/// <summary>Stats below <c>control_plane.</c></summary>
public enum ControlPlaneStat
{
    ConnectedState,
    PendingRequests,
    RateLimitEnforced,
}

/// <summary>What Envoy counts of a link to a control plane. Thread: main.</summary>
public sealed class ControlPlaneStats
{
    public static readonly StatTable Table = new(
        "control_plane", Gauge("connected_state"), Gauge("pending_requests", lazy: true), Counter("rate_limit_enforced"));

    private readonly StatBlock _block;

    /// <param name="store">Where the names are registered; all links share them, as in Envoy.</param>
    /// <param name="dispatcher">Main's.</param>
    public ControlPlaneStats(StatStore store, Dispatcher dispatcher) =>
        _block = dispatcher.Stats.Block(store.Register("control_plane.", Table).Range);

    /// <summary><c>control_plane.identifier</c>: what the server calls itself; empty until it says so.</summary>
    public string Identifier { get; private set; } = string.Empty;

    public bool IsConnected => _block.Get((int)ControlPlaneStat.ConnectedState) != 0;

    public void SetConnected(bool connected) => _block.Set((int)ControlPlaneStat.ConnectedState, connected ? 1 : 0);

    public void SetIdentifier(string identifier) => Identifier = identifier;

    public void SetPendingRequests(int count) => _block.Set((int)ControlPlaneStat.PendingRequests, count);

    public void CountRateLimited() => _block.Increment((int)ControlPlaneStat.RateLimitEnforced);
}
