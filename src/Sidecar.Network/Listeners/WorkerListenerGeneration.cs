using System.Collections.Generic;
using Sidecar.Core.Stats;
using Sidecar.Network.Connections;

namespace Sidecar.Network.Listeners;

/// <summary>
/// One generation of a listener on one worker: the filters' worker states and the connections that run on them. Thread: its worker.
/// </summary>
internal sealed class WorkerListenerGeneration
{
    private readonly Worker _worker;
    private readonly FilterChainWorkerState[] _chains;
    private readonly StatBlock _workerStats;
    private DownstreamConnection? _first;

    public WorkerListenerGeneration(Worker worker, ListenerGeneration generation)
    {
        _worker = worker;
        Generation = generation;
        Stats = worker.Dispatcher.Stats.Block(generation.Stats);
        _workerStats = worker.Dispatcher.Stats.Block(generation.WorkerStats[worker.Index]);
        ListensOnAny = generation.BoundAddress.IsAny;
        IReadOnlyList<FilterChainModel> models = generation.Model.FilterChains;
        _chains = new FilterChainWorkerState[models.Count];
        for (int i = 0; i < _chains.Length; i++)
        {
            _chains[i] = new FilterChainWorkerState(worker, generation, models[i]);
        }

        if (generation.Model.DefaultFilterChain is { } fallback)
        {
            DefaultChain = new FilterChainWorkerState(worker, generation, fallback);
        }
    }

    public ListenerGeneration Generation { get; }

    public StatBlock Stats { get; }

    public bool ListensOnAny { get; }

    public int ConnectionCount { get; private set; }

    private FilterChainWorkerState? DefaultChain { get; }

    /// <summary>Begins an accepted connection on the filter chain that matches it.</summary>
    public void Start(int fd, ConnectionInfo info, ConnectionLimit? globalLimit)
    {
        FilterChainWorkerState? chain = _chains.Length > 0 ? _chains[0] : DefaultChain;
        Stats.Increment((int)ListenerStat.DownstreamCxTotal);
        Stats.Increment((int)ListenerStat.DownstreamCxActive);
        _workerStats.Increment((int)ListenerWorkerStat.DownstreamCxTotal);
        _workerStats.Increment((int)ListenerWorkerStat.DownstreamCxActive);
        var connection = new DownstreamConnection(this, globalLimit);
        Link(connection);
        if (chain is null)
        {
            Stats.Increment((int)ListenerStat.NoFilterChainMatch);
            connection.Refuse(fd);
            return;
        }

        info.FilterChainName = chain.Model.Name;
        connection.Start(fd, chain.CreateConnection(info));
    }

    /// <summary>Asks every connection to end when what it is doing is done.</summary>
    public void DrainConnections()
    {
        DownstreamConnection? connection = _first;
        while (connection is not null)
        {
            DownstreamConnection? next = connection.Next;
            connection.Drain();
            connection = next;
        }
    }

    /// <summary>Closes what is left when the drain time is over.</summary>
    public void CloseConnections()
    {
        DownstreamConnection? connection = _first;
        while (connection is not null)
        {
            DownstreamConnection? next = connection.Next;
            connection.Close();
            connection = next;
        }
    }

    internal void OnClosed(DownstreamConnection connection, long lengthNs)
    {
        Unlink(connection);
        Generation.Limit.Return();
        Stats.Increment((int)ListenerStat.DownstreamCxDestroy);
        Stats.Decrement((int)ListenerStat.DownstreamCxActive);
        Stats.Record((int)ListenerStat.DownstreamCxLengthMs, lengthNs / 1_000_000);
        _workerStats.Decrement((int)ListenerWorkerStat.DownstreamCxActive);
    }

    internal long NowNs => _worker.Dispatcher.NowNs;

    private void Link(DownstreamConnection connection)
    {
        connection.Next = _first;
        if (_first is not null)
        {
            _first.Previous = connection;
        }

        _first = connection;
        ConnectionCount++;
    }

    private void Unlink(DownstreamConnection connection)
    {
        if (connection.Previous is null)
        {
            _first = connection.Next;
        }
        else
        {
            connection.Previous.Next = connection.Next;
        }

        if (connection.Next is not null)
        {
            connection.Next.Previous = connection.Previous;
        }

        connection.Previous = null;
        ConnectionCount--;
    }
}
