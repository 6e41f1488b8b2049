namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/ready</c>: 200 when live, else 503, with the state's name. Thread: main.</summary>
public sealed class ReadyHandler(ServerState server) : AdminHandler("/ready", "print server state, 200 if LIVE, otherwise 503")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        response.Status = server.Lifecycle == ServerLifecycle.Live ? 200 : 503;
        response.Write(NameOf(server.Lifecycle) + "\n");
    }

    /// <summary>The name in <c>envoy.admin.v3.ServerInfo.State</c>.</summary>
    public static string NameOf(ServerLifecycle lifecycle) => lifecycle switch
    {
        ServerLifecycle.Live => "LIVE",
        ServerLifecycle.Draining => "DRAINING",
        ServerLifecycle.PreInitializing => "PRE_INITIALIZING",
        _ => "INITIALIZING",
    };
}
