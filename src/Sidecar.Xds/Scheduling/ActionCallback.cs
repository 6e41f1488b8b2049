using System;
using Sidecar.Event;

namespace Sidecar.Xds.Scheduling;

/// <summary>A scheduled callback that runs a delegate; made once by its owner. Thread: main.</summary>
internal sealed class ActionCallback(Action onCallback) : CallbackHandler
{
    public override void OnCallback(SchedulableCallback callback) => onCallback();
}
