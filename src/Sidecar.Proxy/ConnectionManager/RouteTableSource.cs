using Sidecar.Event;
using Sidecar.Event.Slots;
using Sidecar.Proxy.Routing;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// Where a connection manager's routes come from: its own configuration, or a subscription that publishes new tables to a slot.
/// Immutable; thread: any.
/// </summary>
public sealed class RouteTableSource
{
    private readonly RouteTable? _fixed;
    private readonly Slot<RouteTable>? _slot;

    private RouteTableSource(RouteTable? fixedTable, Slot<RouteTable>? slot)
    {
        _fixed = fixedTable;
        _slot = slot;
    }

    /// <summary>Routes that stand in the configuration itself.</summary>
    public static RouteTableSource Inline(RouteTable table) => new(table, null);

    /// <summary>Routes that main publishes.</summary>
    public static RouteTableSource Published(Slot<RouteTable> slot) => new(null, slot);

    /// <summary>This worker's table; null while none has come.</summary>
    public RouteTable? Current(Dispatcher dispatcher) => _fixed ?? _slot!.Current(dispatcher);
}
