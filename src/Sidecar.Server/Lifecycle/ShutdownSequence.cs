using System;
using Sidecar.Core.Logging;
using Sidecar.Event;
using Sidecar.Event.Timers;
using Sidecar.Network.Listeners;

namespace Sidecar.Server.Lifecycle;

/// <summary>
/// The orderly end: not ready any more, no new connections, connections end with their current request, and whatever is left when the
/// drain time is over is closed. Thread: main.
/// </summary>
internal sealed class ShutdownSequence(Dispatcher main, ListenerManager listeners, long drainTimeMs, Action onDone) : TimerHandler
{
    private const long PollMs = 20;

    private Timer? _timer;
    private long _deadlineMs;
    private bool _closing;

    public bool HasBegun => _timer is not null;

    public void Begin()
    {
        if (HasBegun)
        {
            return;
        }

        Loggers.Main.Info($"shutting down: draining {listeners.ConnectionCount} connections for at most {drainTimeMs} ms");
        listeners.ServerDrain.Start(main.NowNs, drainTimeMs, DrainStrategy.Immediate);
        listeners.StopListeners(static _ => true);
        listeners.DrainAllConnections();
        _deadlineMs = main.NowMs + drainTimeMs;
        _timer = main.CreateTimer(this);
        _timer.Enable(PollMs);
    }

    public override void OnTimer(Timer timer)
    {
        if (listeners.ConnectionCount == 0)
        {
            onDone();
            return;
        }

        if (main.NowMs >= _deadlineMs && !_closing)
        {
            _closing = true;
            Loggers.Main.Warning($"drain time over: closing {listeners.ConnectionCount} connections");
            listeners.CloseAllConnections(onDone);
            return;
        }

        timer.Enable(PollMs);
    }
}
