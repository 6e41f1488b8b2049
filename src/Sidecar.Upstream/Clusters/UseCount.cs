using System.Threading;
using Sidecar.Event;
using Sidecar.Event.Posts;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// Who still needs an object's stat slots: main holds one use while the object is published, each worker one while it has state of it.
/// The last one to let go tells main. A few operations in the life of a host or cluster, none per request. Thread: any.
/// </summary>
internal abstract class UseCount : PostedWork
{
    private readonly Dispatcher _main;
    private int _uses = 1;

    protected UseCount(Dispatcher main) => _main = main;

    public void Acquire() => Interlocked.Increment(ref _uses);

    public void Release()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            _main.Post(this);
        }
    }

    public override void Run(Dispatcher dispatcher) => OnUnused();

    /// <summary>Nobody will use it again. Thread: main.</summary>
    protected abstract void OnUnused();
}
