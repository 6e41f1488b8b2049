namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/healthcheck/fail</c>: load balancers in front are told to look elsewhere. Thread: main.</summary>
public sealed class FailHealthCheckHandler(ServerState server) : AdminHandler("/healthcheck/fail", "make the server fail health checks")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        server.SetHealthCheckFailed(true);
        response.Write("OK\n");
    }
}

/// <summary><c>/healthcheck/ok</c>. Thread: main.</summary>
public sealed class PassHealthCheckHandler(ServerState server) : AdminHandler("/healthcheck/ok", "make the server pass health checks")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        server.SetHealthCheckFailed(false);
        response.Write("OK\n");
    }
}

/// <summary><c>/quitquitquit</c>. Thread: main.</summary>
public sealed class QuitHandler(ServerState server) : AdminHandler("/quitquitquit", "exit the server")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        server.Shutdown();
        response.Write("OK\n");
    }
}

/// <summary><c>/reopen_logs</c>. Thread: main.</summary>
public sealed class ReopenLogsHandler(ServerState server) : AdminHandler("/reopen_logs", "reopen access logs")
{
    public override bool MutatesState => true;

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        server.ReopenLogs();
        response.Write("OK\n");
    }
}
