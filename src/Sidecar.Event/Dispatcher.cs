using System;
using System.Diagnostics;
using System.Threading;
using Sidecar.Core;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Event.Io;
using Sidecar.Event.Posts;
using Sidecar.Event.Signals;
using Sidecar.Event.Slots;
using Sidecar.Event.Timers;
using Timer = Sidecar.Event.Timers.Timer;

namespace Sidecar.Event;

/// <summary>
/// The event loop of one thread. One iteration: wait; file and socket events; posts; timers; scheduled callbacks; flush of written
/// sockets; deferred deletes. Created by whoever starts the thread; everything but <see cref="Post(PostedWork)"/>,
/// <see cref="Exit"/> and <see cref="IsCurrent"/> belongs to the thread that runs it (to the creator until then).
/// </summary>
public sealed class Dispatcher : IDisposable
{
    private const long NsPerMs = 1_000_000;

    private readonly TimerWheel _timers;
    private readonly PostQueue _posts = new();
    private readonly DeferredDeleteQueue _deletes = new();
    private readonly SocketPool _sockets;
    private int _threadId;
    private bool _isSleeping;
    private bool _isExiting;
    private long _nowNs;

    public Dispatcher(string name, TimeSource time, StatSheet stats, IoBackendKind backend = IoBackendKind.Epoll)
    {
        if (backend != IoBackendKind.Epoll)
        {
            throw new ArgumentOutOfRangeException(nameof(backend), backend, "unknown I/O backend");
        }

        Name = name;
        Time = time;
        Stats = stats;
        CurrentCallbacks = new CallbackList(this);
        NextCallbacks = new CallbackList(this);
        _nowNs = time.MonotonicNs;
        _timers = new TimerWheel(_nowNs / NsPerMs);
        Backend = new EpollBackend(this);
        _sockets = new SocketPool(this);
        time.Advanced += WakeUp;
    }

    /// <summary>The thread's name in logs and stats, e.g. <c>main_thread</c>, <c>worker_0</c>.</summary>
    public string Name { get; }

    public TimeSource Time { get; }

    /// <summary>Monotonic nanoseconds, read once an iteration (after the wait): cheap, and the same for everything of one batch.</summary>
    public long NowNs => _nowNs;

    /// <summary>Monotonic milliseconds, read once an iteration.</summary>
    public long NowMs => _nowNs / NsPerMs;

    /// <summary>This thread's slabs.</summary>
    public WorkerMemory Memory { get; } = new();

    /// <summary>This thread's stat slots.</summary>
    public StatSheet Stats { get; }

    /// <summary>This thread's slot values, see <see cref="Slot{T}"/>.</summary>
    public SlotVector Slots { get; } = new();

    /// <summary>True on the thread that runs the loop, and everywhere while no thread does. Thread: any.</summary>
    public bool IsCurrent
    {
        get
        {
            int owner = Volatile.Read(ref _threadId);
            return owner == 0 || owner == Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>What the loop is doing, for the message of a crash.</summary>
    public DispatcherPhase Phase { get; private set; }

    /// <summary>How long the loop may sleep at most before its timers need it; <see cref="long.MaxValue"/> without any.</summary>
    public long MsUntilNextTimer
    {
        get
        {
            long tick = _timers.NextTick();
            return tick == TimerWheel.Never ? long.MaxValue : Math.Max(0, ((tick * NsPerMs) - Time.MonotonicNs + NsPerMs - 1) / NsPerMs);
        }
    }

    internal IoBackend Backend { get; }

    internal CallbackList CurrentCallbacks { get; }

    internal CallbackList NextCallbacks { get; }

    /// <summary>Sockets written in this iteration.</summary>
    internal SocketQueue Flushes { get; } = new();

    /// <summary>Sockets whose failure is still to be told.</summary>
    internal SocketQueue Failures { get; } = new();

    private bool IsRunning => _threadId != 0;

    private bool HasReadyWork => !_posts.IsEmpty || !CurrentCallbacks.IsEmpty || !Flushes.IsEmpty || !Failures.IsEmpty
        || Backend.HasDeferredWork || !_deletes.IsEmpty;

    private bool IsIdle => Backend.SourceCount == 0 && _timers.Count == 0 && NextCallbacks.IsEmpty && !HasReadyWork;

    /// <summary>
    /// Runs the loop on the calling thread. Exceptions of handlers end it and reach the caller, which is expected to end the
    /// process (see <see cref="Threads.CrashPolicy"/>).
    /// </summary>
    public void Run(RunType type)
    {
        Enter();
        try
        {
            if (type == RunType.NonBlock)
            {
                RunIteration(maxWaitMs: 0);
                return;
            }

            while (!Volatile.Read(ref _isExiting) && (type == RunType.RunUntilExit || !IsIdle))
            {
                RunIteration(maxWaitMs: -1);
            }

            Volatile.Write(ref _isExiting, false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>One iteration that waits at most so long for something to happen; for tests and for loops with another end condition.</summary>
    public void RunOnce(int maxWaitMs)
    {
        Enter();
        try
        {
            RunIteration(maxWaitMs);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Ends <see cref="Run"/> after the iteration at hand; before a run, ends it at once. Thread: any.</summary>
    public void Exit()
    {
        Volatile.Write(ref _isExiting, true);
        WakeUp();
    }

    /// <summary>Hands work to this thread: runs in order for each sender, in the next iteration. Thread: any.</summary>
    public void Post(PostedWork work)
    {
        _posts.Push(work);
        WakeUp();
    }

    /// <summary>As <see cref="Post(PostedWork)"/>, for the main thread's edges; allocates. Thread: any.</summary>
    public void Post(Action work) => Post(new PostedAction(work));

    /// <summary>A timer, disabled; keep it and re-arm it.</summary>
    public Timer CreateTimer(TimerHandler handler) => new(this, handler);

    /// <summary>A callback, not scheduled; keep it and schedule it again.</summary>
    public SchedulableCallback CreateCallback(CallbackHandler handler) => new(this, handler);

    /// <summary>
    /// Recycles an object at the end of this iteration, in the order of these calls; what deletes add runs in the same sweep.
    /// Adding an object twice has no effect.
    /// </summary>
    public void DeferredDelete(DeferredDeletable item)
    {
        Debug.Assert(IsCurrent, "deferred deletes belong to their dispatcher's thread");
        _deletes.Add(item);
    }

    /// <summary>Watches a descriptor that is no stream socket; the caller keeps the descriptor.</summary>
    public FileEvent CreateFileEvent(int fd, FileEventHandler handler, FileReadiness interest)
    {
        Debug.Assert(IsCurrent, "file events belong to their dispatcher's thread");
        var file = new FileEvent(this, fd, handler, interest);
        Backend.Add(file);
        return file;
    }

    /// <summary>Takes a signal over from its default action; main thread. Dispose to give it back.</summary>
    /// <param name="signo">See <see cref="Native.Signal"/>.</param>
    /// <param name="handler">Runs on this dispatcher.</param>
    public SignalEvent ListenForSignal(int signo, SignalHandler handler) => new(this, signo, handler);

    /// <summary>Serves a connected, non-blocking socket (an accepted one) and owns it from here on.</summary>
    public StreamSocket Adopt(int fd, StreamHandler handler)
    {
        Debug.Assert(IsCurrent, "sockets belong to their dispatcher's thread");
        StreamSocket socket = _sockets.Take();
        socket.Open(fd, handler, connecting: false);
        Backend.Add(socket);
        return socket;
    }

    /// <summary>
    /// Connects a non-blocking socket and owns it from here on. <see cref="StreamHandler.OnConnected"/> or
    /// <see cref="StreamHandler.OnClosed"/> follows from the loop, never from inside this call.
    /// </summary>
    public StreamSocket Connect(int fd, ReadOnlySpan<byte> sockaddr, StreamHandler handler)
    {
        Debug.Assert(IsCurrent, "sockets belong to their dispatcher's thread");
        StreamSocket socket = _sockets.Take();
        socket.Open(fd, handler, connecting: true);
        Backend.Connect(socket, sockaddr);
        return socket;
    }

    /// <summary>Accepts on a bound, listening, non-blocking socket and owns it from here on.</summary>
    public AcceptSocket Listen(int fd, AcceptHandler handler)
    {
        Debug.Assert(IsCurrent, "sockets belong to their dispatcher's thread");
        var acceptor = new AcceptSocket(this, fd, handler);
        Backend.Add(acceptor);
        return acceptor;
    }

    /// <summary>Releases the loop's descriptors; after it has ended. Sockets still open are their owners' to close before.</summary>
    public void Dispose()
    {
        Debug.Assert(!IsRunning, "dispose a dispatcher after its loop");
        Time.Advanced -= WakeUp;
        _deletes.Sweep();
        Backend.Dispose();
    }

    internal void Arm(TimerNode timer, long delayMs)
    {
        if (!IsRunning)
        {
            // Between runs nobody keeps the clock.
            _nowNs = Time.MonotonicNs;
        }

        long delayTicks = Math.Clamp(delayMs, 0, long.MaxValue / (2 * NsPerMs));
        // Rounded up: a timer may be late by a tick but never early. Without delay it is due at once.
        long deadline = delayTicks == 0 ? NowMs : ((_nowNs + NsPerMs - 1) / NsPerMs) + delayTicks;
        _timers.Arm(timer, deadline);
    }

    internal void Disarm(TimerNode timer) => _timers.Disarm(timer);

    internal void Recycle(StreamSocket socket) => _sockets.Return(socket);

    private void Enter()
    {
        Debug.Assert(!IsRunning, "one thread runs a dispatcher, and not recursively");
        Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);
        _nowNs = Time.MonotonicNs;
    }

    private void Leave()
    {
        Phase = DispatcherPhase.Outside;
        Volatile.Write(ref _threadId, 0);
    }

    private void RunIteration(int maxWaitMs)
    {
        NextCallbacks.MoveTo(CurrentCallbacks);
        Phase = DispatcherPhase.Waiting;
        Wait(maxWaitMs);
        _nowNs = Time.MonotonicNs;
        Phase = DispatcherPhase.Events;
        Backend.Deliver();
        Phase = DispatcherPhase.Posts;
        RunPosts();
        Phase = DispatcherPhase.Timers;
        _timers.Advance(NowMs);
        Phase = DispatcherPhase.Callbacks;
        Backend.DeliverDeferred();
        CurrentCallbacks.Run();
        Phase = DispatcherPhase.Flush;
        FlushWritten();
        TellFailures();
        Phase = DispatcherPhase.DeferredDeletes;
        _deletes.Sweep();
    }

    private void Wait(int maxWaitMs)
    {
        int timeoutMs = maxWaitMs == 0 || HasReadyWork ? 0 : TimeoutMs(maxWaitMs);
        if (timeoutMs == 0)
        {
            Backend.Wait(0);
            return;
        }

        // A sender pushes first and looks at the flag then; we set the flag first and look at the queue then: one of us sees the other.
        Interlocked.Exchange(ref _isSleeping, true);
        bool mayWait = _posts.IsEmpty && !Volatile.Read(ref _isExiting) && !(Time.IsSimulated && TimeoutMs(maxWaitMs) == 0);
        Backend.Wait(mayWait ? timeoutMs : 0);
        Volatile.Write(ref _isSleeping, false);
    }

    private int TimeoutMs(int maxWaitMs)
    {
        long leftMs = MsUntilNextTimer;
        if (leftMs == 0)
        {
            return 0;
        }

        if (leftMs == long.MaxValue || Time.IsSimulated)
        {
            // Only the test moves a simulated clock, and wakes us when it does.
            return maxWaitMs;
        }

        int timeoutMs = (int)Math.Min(leftMs, int.MaxValue);
        return maxWaitMs < 0 ? timeoutMs : Math.Min(timeoutMs, maxWaitMs);
    }

    private void WakeUp()
    {
        if (Interlocked.Exchange(ref _isSleeping, false))
        {
            Backend.Wake();
        }
    }

    private void RunPosts()
    {
        PostedWork? work = _posts.TakeAll();
        while (work is not null)
        {
            PostedWork? next = work.Next;
            work.Next = null;
            work.Run(this);
            work = next;
        }
    }

    private void FlushWritten()
    {
        if (Flushes.IsEmpty)
        {
            return;
        }

        Flushes.BeginTurn();
        int cursor = 0;
        while (Flushes.TryNext(ref cursor, out StreamSocket socket))
        {
            socket.Flush();
        }
    }

    private void TellFailures()
    {
        if (Failures.IsEmpty)
        {
            return;
        }

        Failures.BeginTurn();
        int cursor = 0;
        while (Failures.TryNext(ref cursor, out StreamSocket socket))
        {
            socket.DeliverDeferredError();
        }
    }
}
