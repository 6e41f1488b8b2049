using System.Threading;

namespace Sidecar.Network.Listeners;

/// <summary>
/// A limit on connections over all workers. One atomic operation a connection, none a request. Thread: any.
/// </summary>
public sealed class ConnectionLimit
{
    private long _max;
    private long _active;

    /// <param name="max">Connections; 0 means no limit.</param>
    public ConnectionLimit(long max) => _max = max;

    public long Active => Volatile.Read(ref _active);

    /// <summary>Changes the limit; connections over a lowered one stay.</summary>
    public void SetMax(long max) => Volatile.Write(ref _max, max);

    public bool TryTake()
    {
        long max = Volatile.Read(ref _max);
        long active = Interlocked.Increment(ref _active);
        if (max > 0 && active > max)
        {
            Interlocked.Decrement(ref _active);
            return false;
        }

        return true;
    }

    public void Return() => Interlocked.Decrement(ref _active);
}
