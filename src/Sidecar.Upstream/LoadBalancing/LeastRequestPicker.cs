using System;
using Sidecar.Core.Collections;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>LEAST_REQUEST over equal weights: of a few hosts drawn at random the one with the fewest active requests.</summary>
internal sealed class LeastRequestPicker(HostWorkerState[] hosts, uint choiceCount, FastRandom random) : HostPicker
{
    public override HostWorkerState Pick()
    {
        HostWorkerState best = hosts[random.NextBelow((uint)hosts.Length)];
        long fewest = best.ActiveRequests;
        for (uint i = 1; i < choiceCount; i++)
        {
            HostWorkerState candidate = hosts[random.NextBelow((uint)hosts.Length)];
            long active = candidate.ActiveRequests;
            if (active < fewest)
            {
                best = candidate;
                fewest = active;
            }
        }

        return best;
    }
}

/// <summary>LEAST_REQUEST over different weights: round robin by weight / (active + 1) ^ bias.</summary>
internal sealed class WeightedLeastRequestPicker : HostPicker
{
    private readonly HostWorkerState[] _hosts;
    private readonly uint[] _weights;
    private readonly double _bias;
    private readonly EdfScheduler _scheduler;

    public WeightedLeastRequestPicker(HostWorkerState[] hosts, uint[] weights, double bias, FastRandom random)
    {
        _hosts = hosts;
        _weights = weights;
        _bias = bias;
        var effective = new double[hosts.Length];
        for (int i = 0; i < effective.Length; i++)
        {
            effective[i] = EffectiveWeight(i);
        }

        _scheduler = new EdfScheduler(effective, random);
    }

    public override HostWorkerState Pick()
    {
        int index = _scheduler.Peek();
        _scheduler.Reschedule(EffectiveWeight(index));
        return _hosts[index];
    }

    private double EffectiveWeight(int index)
    {
        if (_bias == 0)
        {
            return _weights[index];
        }

        double active = _hosts[index].ActiveRequests + 1;
        return _weights[index] / (_bias == 1 ? active : Math.Pow(active, _bias));
    }
}
