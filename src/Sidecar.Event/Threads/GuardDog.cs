using System;
using System.Collections.Generic;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;

namespace Sidecar.Event.Threads;

/// <summary>
/// Watches that threads move: counts those that stand still, and ends the process when they do so for too long. A thread of its
/// own, as a stuck thread can't watch itself. Thread: made, started and stopped on main; checks on its own.
/// </summary>
public sealed class GuardDog : IDisposable
{
    private readonly string _name;
    private readonly GuardDogConfig _config;
    private readonly StatStore _store;
    private readonly StatSheet _sheet;
    private readonly StatBlock _packStats;
    private readonly TimeSource _time;
    private readonly Action<string> _kill;
    private readonly List<WatchDog> _dogs = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <param name="name">The pack: <c>main_thread</c> or <c>workers</c>.</param>
    public GuardDog(string name, GuardDogConfig config, StatStore store, TimeSource time)
        : this(name, config, store, time, message => Environment.FailFast(message))
    {
    }

    internal GuardDog(string name, GuardDogConfig config, StatStore store, TimeSource time, Action<string> kill)
    {
        _name = name;
        _config = config;
        _store = store;
        _time = time;
        _kill = kill;
        _sheet = store.CreateSheet($"dog:{name}");
        _packStats = _sheet.Block(store.Register($"{name}.", GuardDogStats.Table).Range);
        _thread = ThreadFactory.Create($"dog:{name}", RunLoop);
    }

    /// <summary>How often threads are looked at: the shortest limit.</summary>
    private int IntervalMs
    {
        get
        {
            int shortest = int.MaxValue;
            foreach (int limit in (ReadOnlySpan<int>)[_config.MissMs, _config.MegaMissMs, _config.KillMs, _config.MultiKillMs])
            {
                shortest = limit > 0 ? Math.Min(shortest, limit) : shortest;
            }

            return shortest == int.MaxValue ? Timeout.Infinite : shortest;
        }
    }

    /// <summary>Watches a dispatcher; before <see cref="Start"/>.</summary>
    public void Watch(Dispatcher dispatcher)
    {
        StatBlock stats = _sheet.Block(_store.Register($"server.{dispatcher.Name}.", GuardDogStats.Table).Range);
        var dog = new WatchDog(dispatcher, Math.Max(1, IntervalMs / 2), stats, _time.MonotonicNs);
        _dogs.Add(dog);
        dog.Start();
    }

    public void Start() => _thread.Start();

    /// <summary>Stops watching; before the watched threads stop, or they would be missed.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
    }

    /// <summary>One look at every thread.</summary>
    internal void Check()
    {
        long nowNs = _time.MonotonicNs;
        int stuck = 0;
        foreach (WatchDog dog in _dogs)
        {
            long stillMs = dog.LookMs(nowNs);
            if (IsOver(stillMs, _config.MissMs))
            {
                dog.CountMiss(_packStats);
            }

            if (IsOver(stillMs, _config.MegaMissMs))
            {
                dog.CountMegaMiss(_packStats);
            }

            if (IsOver(stillMs, _config.KillMs))
            {
                _kill($"[critical][main] {_name} guard dog: {dog.Dispatcher.Name} has not moved for {stillMs} ms");
            }

            stuck += IsOver(stillMs, _config.MultiKillMs) ? 1 : 0;
        }

        int several = Math.Max(2, (int)Math.Ceiling(_config.MultiKillThresholdPercent / 100 * _dogs.Count));
        if (stuck >= several)
        {
            _kill($"[critical][main] {_name} guard dog: {stuck} threads have not moved for {_config.MultiKillMs} ms");
        }
    }

    private static bool IsOver(long stillMs, int limitMs) => limitMs > 0 && stillMs > limitMs;

    private void RunLoop()
    {
        while (!_stop.Wait(IntervalMs))
        {
            Check();
        }
    }
}
