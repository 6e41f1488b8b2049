using System;
using System.IO;
using Sidecar.Core.Logging;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Network.Listeners;
using Sidecar.Server.Admin;
using Sidecar.Server.Options;
using Sidecar.Server.Threads;

namespace Sidecar.Server.Lifecycle;

/// <summary>The running process as the admin sees and steers it. Thread: main.</summary>
internal sealed class ProcessState : ServerState
{
    private readonly ServerThreads _threads;
    private readonly ListenerManager _listeners;
    private readonly FileFlusher _logFiles;
    private readonly Action _shutdown;
    private readonly byte[] _node;
    private readonly long _startNs;
    private ServerLifecycle _state = ServerLifecycle.PreInitializing;
    private bool _healthCheckFailed;

    public ProcessState(ServerOptions options, ServerThreads threads, ListenerManager listeners, FileFlusher logFiles, byte[] node, Action shutdown)
    {
        Options = options;
        _threads = threads;
        _listeners = listeners;
        _logFiles = logFiles;
        _node = node;
        _shutdown = shutdown;
        _startNs = threads.Main.Time.MonotonicNs;
    }

    public override ServerLifecycle Lifecycle =>
        _healthCheckFailed && _state == ServerLifecycle.Live ? ServerLifecycle.Draining : _state;

    public override string Version => BuildInfo.Version;

    public override ServerOptions Options { get; }

    public override int Concurrency => _threads.Workers.Count;

    public override TimeSpan Uptime => TimeSpan.FromTicks((_threads.Main.Time.MonotonicNs - _startNs) / 100);

    public override ReadOnlyMemory<byte> Node => _node;

    public void Enter(ServerLifecycle state)
    {
        _state = state;
        Loggers.Main.Info($"server is {state}");
    }

    public override void SetHealthCheckFailed(bool failed)
    {
        _healthCheckFailed = failed;
        if (failed)
        {
            _listeners.ServerDrain.Start(_threads.Main.NowNs, Options.DrainTimeS * 1000L, Options.DrainStrategy);
        }
        else
        {
            _listeners.ServerDrain.Cancel();
        }
    }

    public override void DrainListeners(ListenerDrain drain)
    {
        bool Selects(ListenerModel listener) => !drain.InboundOnly || listener.TrafficDirection == TrafficDirection.Inbound;
        if (!drain.Graceful)
        {
            _listeners.StopListeners(Selects);
            return;
        }

        long drainMs = Options.DrainTimeS * 1000L;
        _listeners.ServerDrain.Start(_threads.Main.NowNs, drainMs, Options.DrainStrategy);
        if (!drain.SkipExit)
        {
            _threads.Main.CreateTimer(new StopLater(() => _listeners.StopListeners(Selects))).Enable(Math.Max(1, drainMs));
        }
    }

    public override void Shutdown() => _shutdown();

    public override void ReopenLogs()
    {
        try
        {
            LogPipeline.Current.Reopen();
        }
        catch (IOException e)
        {
            Loggers.Main.Error($"cannot reopen the log: {e.Message}");
        }

        _logFiles.Reopen();
    }

    private sealed class StopLater(Action stop) : Event.Timers.TimerHandler
    {
        public override void OnTimer(Event.Timers.Timer timer) => stop();
    }
}
