using Sidecar.Network;
using Sidecar.Proxy.ConnectionManager;

namespace Sidecar.Proxy.Filters;

/// <summary>Where an HTTP filter's worker state lives. Thread: the worker.</summary>
public sealed class HttpFilterContext
{
    public required Worker Worker { get; init; }

    /// <summary>The connection manager that runs the chain.</summary>
    public required ConnectionManagerModel ConnectionManager { get; init; }
}
