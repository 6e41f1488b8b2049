using Sidecar.Core.Collections;
using Sidecar.Upstream.Hosts;

namespace Sidecar.Upstream.LoadBalancing;

/// <summary>RANDOM: every host alike, whatever its weight, as in Envoy.</summary>
internal sealed class RandomPicker(HostWorkerState[] hosts, FastRandom random) : HostPicker
{
    public override HostWorkerState Pick() => hosts[random.NextBelow((uint)hosts.Length)];
}
