using Sidecar.Event.Timers;

namespace Sidecar.Network.Connections;

/// <summary>The timer that bounds a flushing close; made only for connections that need one.</summary>
internal sealed class DelayedClose : TimerHandler
{
    private readonly Connection _connection;
    private readonly Timer _timer;

    public DelayedClose(Connection connection)
    {
        _connection = connection;
        _timer = connection.Dispatcher.CreateTimer(this);
    }

    public void Arm(long delayMs) => _timer.Enable(delayMs);

    public void Disarm() => _timer.Disable();

    public override void OnTimer(Timer timer) => _connection.OnDelayedCloseTimeout();
}
