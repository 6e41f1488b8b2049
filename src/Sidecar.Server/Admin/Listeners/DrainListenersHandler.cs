using System.Collections.Generic;

namespace Sidecar.Server.Admin.Listeners;

/// <summary><c>/drain_listeners</c>. Thread: main.</summary>
public sealed class DrainListenersHandler(ServerState server) : AdminHandler("/drain_listeners", "drain listeners")
{
    public override bool MutatesState => true;

    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Switch("graceful", "go on accepting for the drain time, and ask connections to go meanwhile"),
        AdminParameter.Switch("skip_exit", "do not stop the listeners when the drain time is over; needs graceful"),
        AdminParameter.Switch("inboundonly", "drain only listeners whose traffic_direction is INBOUND"),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        var drain = new ListenerDrain(request.Query.Has("inboundonly"), request.Query.Has("graceful"), request.Query.Has("skip_exit"));
        if (drain is { SkipExit: true, Graceful: false })
        {
            response.Fail(400, "skip_exit requires graceful\n");
            return;
        }

        server.DrainListeners(drain);
        response.Write("OK\n");
    }
}
