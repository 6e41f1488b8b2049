using System;
using Sidecar.Event;
using Sidecar.Event.Timers;

namespace Sidecar.Xds.Scheduling;

/// <summary>A timer that runs a delegate; made once by its owner and re-armed. Thread: main.</summary>
internal sealed class ActionTimer(Dispatcher dispatcher, Action onFired) : TimerNode(dispatcher)
{
    protected override void OnFired() => onFired();
}
