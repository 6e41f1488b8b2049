using Sidecar.Proxy.Filters;

namespace Sidecar.Server.Admin;

/// <summary>The admin as an HTTP filter chain of one filter; its handlers run on main, so its connection manager must too.</summary>
public sealed class AdminFilterFactory(AdminHandlers handlers) : HttpFilterFactory
{
    public override string Name => "sidecar.admin";

    public override bool IsTerminal => true;

    public override HttpFilterWorkerState CreateWorkerState(HttpFilterContext context) => new WorkerState(handlers, context);

    private sealed class WorkerState(AdminHandlers handlers, HttpFilterContext context) : HttpFilterWorkerState
    {
        public override HttpFilter CreateFilter() => new AdminFilter(handlers, context.Worker);
    }
}
