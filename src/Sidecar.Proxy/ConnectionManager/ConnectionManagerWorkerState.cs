using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Http.Dates;
using Sidecar.Http.Http2.Streams;
using Sidecar.Network;
using Sidecar.Network.Filters;
using Sidecar.Network.Listeners;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Filters;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// What the connections of one filter chain share on one worker: stats, the filters' worker states, pooled streams. Thread: its worker.
/// </summary>
internal sealed class ConnectionManagerWorkerState : NetworkFilterWorkerState
{
    private const int MaxPooledStreams = 1024;

    private readonly HttpFilterWorkerState[] _filters;
    private readonly StreamReaper _reaper;
    private HttpStream? _free;
    private int _freeCount;

    public ConnectionManagerWorkerState(ConnectionManagerModel model, FilterChainContext context)
    {
        Model = model;
        Worker = context.Worker;
        Drain = context.Drain;
        IsSecure = context.FilterChain.TransportSocket.IsSecure;
        StatSheet sheet = Worker.Dispatcher.Stats;
        Stats = sheet.Block(model.Stats);
        Http1Stats = sheet.Block(model.Http1Stats);
        Http2Stats = sheet.Block(model.Http2Stats);
        Date = new HttpDate();
        Http2Streams = new Http2StreamPool(Worker.Dispatcher.Memory);
        _reaper = new StreamReaper(this);
        AccessLogs = new AccessLogWriter[model.AccessLogs.Count];
        for (int i = 0; i < AccessLogs.Length; i++)
        {
            AccessLogs[i] = model.AccessLogs[i].CreateWorkerState(Worker);
        }

        var filterContext = new HttpFilterContext { Worker = Worker, ConnectionManager = model };
        _filters = new HttpFilterWorkerState[model.HttpFilters.Count];
        for (int i = 0; i < _filters.Length; i++)
        {
            _filters[i] = model.HttpFilters[i].CreateWorkerState(filterContext);
        }
    }

    public ConnectionManagerModel Model { get; }

    public Worker Worker { get; }

    public DrainDecision Drain { get; }

    public bool IsSecure { get; }

    public StatBlock Stats { get; }

    public StatBlock Http1Stats { get; }

    public StatBlock Http2Stats { get; }

    public HttpDate Date { get; }

    public Http2StreamPool Http2Streams { get; }

    public AccessLogWriter[] AccessLogs { get; }

    public override NetworkFilter CreateFilter() => new ConnectionManager(this);

    /// <summary>A stream from the pool; its filters come with it.</summary>
    public HttpStream Rent()
    {
        HttpStream? stream = _free;
        if (stream is null)
        {
            return Create();
        }

        _free = stream.Next;
        stream.Next = null;
        _freeCount--;
        return stream;
    }

    /// <summary>The stream is finished, but callers up the stack may still hold it: it is recycled at the end of the iteration.</summary>
    public void RecycleLater(HttpStream stream) => _reaper.Add(stream);

    private HttpStream Create()
    {
        var filters = new HttpFilter[_filters.Length];
        for (int i = 0; i < filters.Length; i++)
        {
            filters[i] = _filters[i].CreateFilter();
        }

        return new HttpStream(this, filters);
    }

    private void Recycle(HttpStream stream)
    {
        stream.Recycle();
        if (_freeCount < MaxPooledStreams)
        {
            stream.Next = _free;
            _free = stream;
            _freeCount++;
        }
    }

    /// <summary>The streams that finished in this iteration.</summary>
    private sealed class StreamReaper(ConnectionManagerWorkerState state) : DeferredDeletable
    {
        private HttpStream? _first;

        public void Add(HttpStream stream)
        {
            if (_first is null)
            {
                state.Worker.Dispatcher.DeferredDelete(this);
            }

            stream.Next = _first;
            _first = stream;
        }

        protected override void OnDeferredDelete()
        {
            HttpStream? stream = _first;
            _first = null;
            while (stream is not null)
            {
                HttpStream? next = stream.Next;
                stream.Next = null;
                state.Recycle(stream);
                stream = next;
            }
        }
    }
}
