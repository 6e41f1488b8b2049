using System.Threading;

namespace Sidecar.Network.Listeners;

/// <summary>How connections are told to go while draining (<c>--drain-strategy</c>).</summary>
public enum DrainStrategy : byte
{
    /// <summary>A share that grows with the drain time that has passed, so that clients do not all reconnect at once.</summary>
    Gradual = 0,

    /// <summary>All, at their next chance.</summary>
    Immediate,
}

/// <summary>
/// One word that main sets when something drains and workers read at the end of each exchange. Main writes, workers read without a
/// lock: it only ever goes from "not draining" to a start time (and back, when the admin undoes a failed health check).
/// </summary>
public sealed class DrainSignal
{
    private const long NotDraining = long.MaxValue;

    private long _startNs = NotDraining;
    private long _durationNs;
    private DrainStrategy _strategy;

    public bool IsDraining => Volatile.Read(ref _startNs) != NotDraining;

    /// <summary>Begins. Thread: main.</summary>
    public void Start(long nowNs, long durationMs, DrainStrategy strategy)
    {
        _durationNs = durationMs * 1_000_000;
        _strategy = strategy;
        Volatile.Write(ref _startNs, nowNs);
    }

    /// <summary>Undoes <see cref="Start"/>. Thread: main.</summary>
    public void Cancel() => Volatile.Write(ref _startNs, NotDraining);

    /// <summary>Whether a connection that is between two requests should be closed now. Thread: any.</summary>
    public bool ShouldClose(long nowNs, ulong random)
    {
        long start = Volatile.Read(ref _startNs);
        if (start == NotDraining)
        {
            return false;
        }

        long elapsed = nowNs - start;
        if (_strategy == DrainStrategy.Immediate || elapsed >= _durationNs)
        {
            return true;
        }

        // P(close) grows from 0 to 1 over the drain time.
        return elapsed > 0 && (long)(random % (ulong)_durationNs) < elapsed;
    }
}

/// <summary>A listener generation's own drain together with the server's. Thread: any.</summary>
public sealed class DrainDecision(DrainSignal listener, DrainSignal server, DrainType drainType)
{
    /// <summary>Set when this generation of the listener is replaced or removed.</summary>
    public DrainSignal Listener { get; } = listener;

    public bool ShouldClose(long nowNs, ulong random) =>
        Listener.ShouldClose(nowNs, random) || (drainType == DrainType.Default && server.ShouldClose(nowNs, random));
}
