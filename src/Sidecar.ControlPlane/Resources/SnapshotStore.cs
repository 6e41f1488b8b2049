using System.Threading;
using System.Threading.Tasks;

namespace Sidecar.ControlPlane.Resources;

/// <summary>The last good snapshot, and a way to wait for the next. Any thread.</summary>
public sealed class SnapshotStore
{
    private readonly Lock _lock = new();
    private Snapshot? _current;
    private TaskCompletionSource _next = NewSignal();

    /// <summary>The last good snapshot; null until there has been one.</summary>
    public Snapshot? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Makes <paramref name="snapshot"/> the current one. False if its content is that of the current one.</summary>
    public bool Publish(Snapshot snapshot)
    {
        TaskCompletionSource passed;
        lock (_lock)
        {
            if (_current?.Version == snapshot.Version)
            {
                return false;
            }

            _current = snapshot;
            passed = _next;
            _next = NewSignal();
        }

        passed.SetResult();
        return true;
    }

    /// <summary>The current snapshot, and a task that ends when there is a newer one.</summary>
    public (Snapshot? Current, Task Changed) Watch()
    {
        lock (_lock)
        {
            return (_current, _next.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
