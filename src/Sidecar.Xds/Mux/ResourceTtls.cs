using System;
using System.Collections.Generic;
using Sidecar.Event;
using Sidecar.Xds.Scheduling;

namespace Sidecar.Xds.Mux;

/// <summary>Times to live of a type's resources: those that are not refreshed in time are removed. One timer. Thread: main.</summary>
internal sealed class ResourceTtls
{
    private readonly Dispatcher _dispatcher;
    private readonly Action<List<string>> _onExpired;
    private readonly ActionTimer _timer;
    private readonly Dictionary<string, long> _deadlinesMs = [];

    /// <summary>Deadlines in order; entries that <see cref="_deadlinesMs"/> contradicts are stale.</summary>
    private readonly PriorityQueue<string, long> _queue = new();

    public ResourceTtls(Dispatcher dispatcher, Action<List<string>> onExpired)
    {
        _dispatcher = dispatcher;
        _onExpired = onExpired;
        _timer = new ActionTimer(dispatcher, Expire);
    }

    /// <summary>Starts or refreshes a resource's time; without one the resource lives until it is removed.</summary>
    public void Set(string name, long? ttlMs)
    {
        if (ttlMs is not { } ms)
        {
            Clear(name);
            return;
        }

        long deadlineMs = _dispatcher.NowMs + ms;
        _deadlinesMs[name] = deadlineMs;
        _queue.Enqueue(name, deadlineMs);
        Arm();
    }

    public void Clear(string name)
    {
        if (_deadlinesMs.Remove(name) && _deadlinesMs.Count == 0)
        {
            _queue.Clear();
            _timer.Disable();
        }
    }

    private void Expire()
    {
        List<string> expired = [];
        while (_queue.TryPeek(out string? name, out long deadlineMs) && deadlineMs <= _dispatcher.NowMs)
        {
            _queue.Dequeue();
            if (_deadlinesMs.TryGetValue(name, out long current) && current == deadlineMs)
            {
                _deadlinesMs.Remove(name);
                expired.Add(name);
            }
        }

        Arm();
        if (expired.Count > 0)
        {
            _onExpired(expired);
        }
    }

    private void Arm()
    {
        while (_queue.TryPeek(out string? name, out long deadlineMs))
        {
            if (_deadlinesMs.TryGetValue(name, out long current) && current == deadlineMs)
            {
                _timer.Enable(Math.Max(1, deadlineMs - _dispatcher.NowMs));
                return;
            }

            _queue.Dequeue();
        }

        _timer.Disable();
    }
}
