using System.Text;
using Sidecar.Event;
using Sidecar.Http.Codec;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.LoadBalancing;
using Sidecar.Upstream.Pools;

namespace Sidecar.Upstream.AsyncClient;

/// <summary>
/// Requests over the clusters of one thread, with their balancing, pools, circuit breakers, transport sockets and stats. Thread: the
/// table's.
/// </summary>
public sealed class ClusterHttpClient : AsyncHttpClient
{
    private readonly ClusterTable _clusters;
    private readonly Dispatcher _dispatcher;

    /// <param name="clusters">Main's: <see cref="ClusterManager.MainTable"/>.</param>
    /// <param name="dispatcher">The same thread's.</param>
    public ClusterHttpClient(ClusterTable clusters, Dispatcher dispatcher)
    {
        _clusters = clusters;
        _dispatcher = dispatcher;
    }

    public override AsyncHttpStream? Start(string cluster, AsyncStreamCallbacks callbacks, long timeoutMs = 0)
    {
        ClusterWorkerState? state = _clusters.Find(Encoding.UTF8.GetBytes(cluster));
        if (state?.ChooseHost(default(LoadBalancerContext)) is not { } host)
        {
            return null;
        }

        ConnectionPool? pool = state.PoolOf(host, ResourcePriority.Default, HttpProtocol.Http2);
        if (pool is null)
        {
            return null;
        }

        var stream = new AsyncHttpStream(_dispatcher, callbacks, timeoutMs);
        stream.Open(pool);
        return stream;
    }
}
