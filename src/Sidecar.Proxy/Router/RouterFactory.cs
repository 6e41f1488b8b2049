using Sidecar.Proxy.Filters;
using Sidecar.Upstream.Clusters;

namespace Sidecar.Proxy.Router;

/// <summary><c>envoy.filters.http.router</c>, configured. Immutable; thread: any.</summary>
public sealed class RouterFactory : HttpFilterFactory
{
    private readonly ClusterManager _clusters;

    /// <param name="name">The filter's name in the chain.</param>
    /// <param name="clusters">Where each worker finds its clusters.</param>
    public RouterFactory(string name, ClusterManager clusters)
    {
        Name = name;
        _clusters = clusters;
    }

    public override string Name { get; }

    public override bool IsTerminal => true;

    /// <summary><c>suppress_envoy_headers</c>: no <c>x-envoy-*</c> header is added to requests or responses.</summary>
    public bool SuppressEnvoyHeaders { get; init; }

    /// <summary><c>respect_expected_rq_timeout</c>: another proxy's <c>x-envoy-expected-rq-timeout-ms</c> is obeyed.</summary>
    public bool RespectExpectedRqTimeout { get; init; }

    public override HttpFilterWorkerState CreateWorkerState(HttpFilterContext context) => new RouterWorkerState(this, _clusters, context);
}

/// <summary>What the routers of one connection manager share on one worker. Thread: its worker.</summary>
internal sealed class RouterWorkerState(RouterFactory factory, ClusterManager clusters, HttpFilterContext context) : HttpFilterWorkerState
{
    public RouterFactory Factory => factory;

    /// <summary>This worker's clusters.</summary>
    public ClusterTable Clusters { get; } = clusters.TableOf(context.Worker);

    public override HttpFilter CreateFilter() => new RouterFilter(this);
}
