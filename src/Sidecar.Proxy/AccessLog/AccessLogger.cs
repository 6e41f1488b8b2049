using Sidecar.Network;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.AccessLog;

/// <summary>
/// A configured access logger of a listener or connection manager: filter and format compiled. Immutable, shared by all workers;
/// thread: any.
/// </summary>
public abstract class AccessLogger
{
    /// <summary>Null logs everything.</summary>
    public AccessLogFilter? Filter { get; init; }

    /// <summary>Called once a worker, on that worker.</summary>
    public abstract AccessLogWriter CreateWorkerState(Worker worker);
}

/// <summary>One worker's end of an access logger. Thread: the worker.</summary>
public abstract class AccessLogWriter
{
    private readonly AccessLogFilter? _filter;

    protected AccessLogWriter(AccessLogFilter? filter) => _filter = filter;

    /// <summary>Logs an exchange unless the filter says no. Everything in the context is borrowed for the call.</summary>
    public void Log(in FormatContext context)
    {
        if (_filter is null || _filter.Evaluate(in context))
        {
            Write(in context);
        }
    }

    /// <summary>The last line was logged: hand over what waits. Called when the owner of the writer goes.</summary>
    public virtual void Close()
    {
    }

    /// <summary>Logs an exchange that has passed the filter.</summary>
    protected abstract void Write(in FormatContext context);
}
