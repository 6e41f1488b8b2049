using System;
using System.Collections.Generic;
using Sidecar.Core.Logging;

namespace Sidecar.Xds.Init;

/// <summary>Whether something may be used yet.</summary>
public enum InitState
{
    Uninitialized = 0,
    Initializing,
    Initialized,
}

/// <summary>One thing that must be ready before its <see cref="InitManager"/> is. Thread: main.</summary>
public sealed class InitTarget
{
    private readonly Action _initialize;
    private InitManager? _manager;
    private bool _isReady;

    /// <param name="name">For the log.</param>
    /// <param name="initialize">Begins the work; <see cref="Ready"/> follows at once or later.</param>
    public InitTarget(string name, Action initialize)
    {
        Name = name;
        _initialize = initialize;
    }

    public string Name { get; }

    /// <summary>The work is done, or given up. Further calls have no effect.</summary>
    public void Ready()
    {
        if (_isReady)
        {
            return;
        }

        _isReady = true;
        _manager?.OnTargetReady(this);
    }

    /// <summary>False if it was ready before anybody asked.</summary>
    internal bool Initialize(InitManager manager)
    {
        _manager = manager;
        if (!_isReady)
        {
            _initialize();
        }

        return !_isReady;
    }

    internal bool IsReady => _isReady;
}

/// <summary>
/// Waits until all of its targets are ready, then says so once. Targets may join while it initializes (a listener's routes while the
/// listener warms) and then start at once. Thread: main.
/// </summary>
public sealed class InitManager
{
    private readonly string _name;
    private readonly HashSet<InitTarget> _waiting = [];
    private readonly List<InitTarget> _targets = [];
    private Action? _onInitialized;
    private bool _isStarting;

    /// <param name="name">For the log.</param>
    public InitManager(string name) => _name = name;

    public InitState State { get; private set; }

    /// <summary>Names of the targets that are not ready, for the admin.</summary>
    public IEnumerable<string> Unready
    {
        get
        {
            foreach (InitTarget target in _waiting)
            {
                yield return target.Name;
            }
        }
    }

    public void Add(InitTarget target)
    {
        if (State == InitState.Initialized)
        {
            throw new InvalidOperationException($"{_name} is already initialized; {target.Name} is too late");
        }

        _targets.Add(target);
        if (State == InitState.Initializing)
        {
            Begin(target);
        }
    }

    /// <summary>
    /// Starts all targets; <paramref name="onInitialized"/> is called when the last one is ready,
    /// perhaps from inside this call.
    /// </summary>
    public void Initialize(Action onInitialized)
    {
        if (State != InitState.Uninitialized)
        {
            throw new InvalidOperationException($"{_name} is initialized twice");
        }

        State = InitState.Initializing;
        _onInitialized = onInitialized;
        _isStarting = true;
        // Not foreach: a target may add others.
        for (int i = 0; i < _targets.Count; i++)
        {
            if (!_waiting.Contains(_targets[i]) && !_targets[i].IsReady)
            {
                Begin(_targets[i]);
            }
        }

        _isStarting = false;
        FinishIfDone();
    }

    internal void OnTargetReady(InitTarget target)
    {
        if (_waiting.Remove(target))
        {
            Loggers.Init.Debug($"{_name}: {target.Name} is ready, {_waiting.Count} left");
            FinishIfDone();
        }
    }

    private void Begin(InitTarget target)
    {
        _waiting.Add(target);
        if (!target.Initialize(this))
        {
            _waiting.Remove(target);
        }
    }

    private void FinishIfDone()
    {
        if (State == InitState.Initializing && !_isStarting && _waiting.Count == 0)
        {
            State = InitState.Initialized;
            _targets.Clear();
            Loggers.Init.Debug($"{_name} is initialized");
            _onInitialized!();
        }
    }
}
