using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Event.Posts;
using Sidecar.Event.Timers;

namespace Sidecar.Event.Threads;

/// <summary>
/// One watched thread. Its own timer counts touches there; the guard dog compares counts here. Thread: <see cref="OnFired"/> on the
/// watched one, the rest on the guard dog's.
/// </summary>
internal sealed class WatchDog : TimerNode
{
    private readonly int _intervalMs;
    private readonly StatBlock _stats;
    private long _touches;
    private long _touchesSeen;
    private long _lastMoveNs;
    private bool _isMissCounted;
    private bool _isMegaMissCounted;

    public WatchDog(Dispatcher dispatcher, int intervalMs, StatBlock stats, long nowNs)
        : base(dispatcher)
    {
        _intervalMs = intervalMs;
        _stats = stats;
        _lastMoveNs = nowNs;
    }

    /// <summary>Starts touching. Thread: any.</summary>
    public void Start() => Dispatcher.Post(new StartWork(this));

    /// <summary>How long the thread has not moved, in milliseconds; a move since the last look starts afresh.</summary>
    public long LookMs(long nowNs)
    {
        long touches = Volatile.Read(ref _touches);
        if (touches != _touchesSeen)
        {
            _touchesSeen = touches;
            _lastMoveNs = nowNs;
            _isMissCounted = false;
            _isMegaMissCounted = false;
        }

        return (nowNs - _lastMoveNs) / 1_000_000;
    }

    /// <summary>Counts each spell of standing still once.</summary>
    public void CountMiss(StatBlock pack)
    {
        if (!_isMissCounted)
        {
            _isMissCounted = true;
            _stats.Increment(GuardDogStats.WatchdogMiss);
            pack.Increment(GuardDogStats.WatchdogMiss);
        }
    }

    /// <summary>As <see cref="CountMiss"/>, for the long limit.</summary>
    public void CountMegaMiss(StatBlock pack)
    {
        if (!_isMegaMissCounted)
        {
            _isMegaMissCounted = true;
            _stats.Increment(GuardDogStats.WatchdogMegaMiss);
            pack.Increment(GuardDogStats.WatchdogMegaMiss);
        }
    }

    protected internal override void OnFired()
    {
        Volatile.Write(ref _touches, _touches + 1);
        Enable(_intervalMs);
    }

    private sealed class StartWork(WatchDog dog) : PostedWork
    {
        public override void Run(Dispatcher dispatcher) => dog.OnFired();
    }
}
