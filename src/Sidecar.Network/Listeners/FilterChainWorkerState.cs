using System.Collections.Generic;
using Sidecar.Network.Connections;
using Sidecar.Network.Filters;

namespace Sidecar.Network.Listeners;

/// <summary>A filter chain on one worker: makes the filters of its connections. Thread: its worker.</summary>
internal sealed class FilterChainWorkerState
{
    private readonly Worker _worker;
    private readonly ListenerModel _listener;
    private readonly NetworkFilterWorkerState[] _filters;

    public FilterChainWorkerState(Worker worker, ListenerGeneration generation, FilterChainModel model)
    {
        _worker = worker;
        _listener = generation.Model;
        Model = model;
        var context = new FilterChainContext { Worker = worker, Listener = generation.Model, FilterChain = model, Drain = generation.Drain };
        IReadOnlyList<NetworkFilterFactory> factories = model.Filters;
        _filters = new NetworkFilterWorkerState[factories.Count];
        for (int i = 0; i < _filters.Length; i++)
        {
            _filters[i] = factories[i].CreateWorkerState(context);
        }
    }

    public FilterChainModel Model { get; }

    public Connection CreateConnection(ConnectionInfo info)
    {
        var filters = new NetworkFilter[_filters.Length];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = _filters[i].CreateFilter();
        }

        return new Connection(_worker.Dispatcher, info, Model.TransportSocket.Create(), new FilterChainReader(filters))
        {
            InitialBufferLimit = _listener.PerConnectionBufferLimitBytes,
        };
    }
}
