using Sidecar.Core.Collections;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>Locality-weighted balancing: a locality by its effective weight, then a host within it. Thread: its worker.</summary>
internal sealed class LocalityPicker : HostPicker
{
    private readonly HostPicker[] _localities;
    private readonly double[] _weights;
    private readonly EdfScheduler _scheduler;

    /// <param name="localities">A picker for each locality's eligible hosts.</param>
    /// <param name="weights">Effective weights; see <see cref="LocalityHosts.EffectiveWeight"/>.</param>
    /// <param name="random">For the schedule's start.</param>
    public LocalityPicker(HostPicker[] localities, double[] weights, FastRandom random)
    {
        _localities = localities;
        _weights = weights;
        _scheduler = new EdfScheduler(weights, random);
    }

    /// <summary>True when no locality takes traffic: balance over all hosts of the priority instead.</summary>
    public bool IsEmpty => _scheduler.IsEmpty;

    public override HostWorkerState? Pick()
    {
        int index = _scheduler.Peek();
        _scheduler.Reschedule(_weights[index]);
        return _localities[index].Pick();
    }
}
