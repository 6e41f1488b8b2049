using System.Threading;

namespace Sidecar.Event.Threads;

/// <summary>
/// A thread that runs one dispatcher from start to exit. Named as Envoy names them: <c>wrk:worker_0</c> (what <c>top -H</c> shows is
/// cut to 15 characters). Thread: created, started and joined on main.
/// </summary>
public sealed class WorkerThread
{
    private readonly Thread _thread;
    private readonly ThreadStartWork? _onStarted;

    /// <param name="dispatcher">The loop; its name becomes part of the thread's.</param>
    /// <param name="onStarted">Runs first on the new thread.</param>
    public WorkerThread(Dispatcher dispatcher, ThreadStartWork? onStarted = null)
    {
        Dispatcher = dispatcher;
        _onStarted = onStarted;
        _thread = ThreadFactory.Create("wrk:" + dispatcher.Name, RunLoop);
    }

    public Dispatcher Dispatcher { get; }

    public string Name => _thread.Name!;

    public void Start() => _thread.Start();

    /// <summary>Waits for the thread's end, which <see cref="Event.Dispatcher.Exit"/> brings about.</summary>
    public void Join() => _thread.Join();

    private void RunLoop()
    {
        if (_onStarted is not null)
        {
            Dispatcher.Post(() => _onStarted.Run(Dispatcher));
        }

        CrashPolicy.Run(Dispatcher, RunType.RunUntilExit);
    }
}

/// <summary>What a new worker thread does first. Thread: the worker.</summary>
public abstract class ThreadStartWork
{
    public abstract void Run(Dispatcher dispatcher);
}
