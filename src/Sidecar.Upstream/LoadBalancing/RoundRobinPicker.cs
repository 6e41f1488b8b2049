using System;
using Sidecar.Core.Collections;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>ROUND_ROBIN over equal weights: one after the other from a random start.</summary>
internal sealed class RoundRobinPicker(HostWorkerState[] hosts, FastRandom random) : HostPicker
{
    private int _next = (int)random.NextBelow((uint)hosts.Length);

    public override HostWorkerState Pick()
    {
        HostWorkerState host = hosts[_next];
        _next = _next + 1 == hosts.Length ? 0 : _next + 1;
        return host;
    }
}

/// <summary>ROUND_ROBIN over different weights.</summary>
internal sealed class WeightedRoundRobinPicker(HostWorkerState[] hosts, uint[] weights, FastRandom random) : HostPicker
{
    private readonly EdfScheduler _scheduler = new(Array.ConvertAll(weights, static w => (double)w), random);

    public override HostWorkerState Pick()
    {
        int index = _scheduler.Peek();
        _scheduler.Reschedule(weights[index]);
        return hosts[index];
    }
}
