using System.Threading;

namespace Sidecar.Event.Threads;

/// <summary>
/// Makes the process's threads, all in one way: named, in the background (main decides when the process ends), with a stack
/// that is enough for the deepest filter chain and small in memory.
/// </summary>
public static class ThreadFactory
{
    private const int StackBytes = 1024 * 1024;

    /// <summary>A thread, not started.</summary>
    public static Thread Create(string name, ThreadStart body) => new(body, StackBytes) { Name = name, IsBackground = true };
}
