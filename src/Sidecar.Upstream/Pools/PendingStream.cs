using Sidecar.Http.Codec;

namespace Sidecar.Upstream.Pools;

/// <summary>A stream that waits for a connection; pooled by its pool. Valid until one of the callbacks was called. Thread: the worker.</summary>
public sealed class PendingStream
{
    internal PendingStream? Next;
    internal PendingStream? Previous;

    internal PendingStream(ConnectionPool pool) => Pool = pool;

    internal ConnectionPool Pool { get; }

    internal PoolStreamCallbacks? Callbacks { get; set; }

    internal StreamReceiver? Receiver { get; set; }

    /// <summary>Gives up; no callback follows.</summary>
    public void Cancel() => Pool.Cancel(this);
}
