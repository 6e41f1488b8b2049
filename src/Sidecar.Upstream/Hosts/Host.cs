using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Network.Addresses;

namespace Sidecar.Upstream.Hosts;

/// <summary>
/// A host as long as discovery keeps naming it: the identity that pools, stats and health attach to, while its
/// <see cref="Model"/> is replaced. The main thread writes model and health; workers read the model, and learn of health and weights
/// through the <see cref="HostSet"/> in which they were published. Thread: any.
/// </summary>
public sealed class Host
{
    private HostModel _model;
    private int _healthFlags;
    private uint _priority;

    internal Host(HostModel model, LocalityEndpointsModel place, StatRange stats)
    {
        _model = model;
        _priority = place.Priority;
        Locality = place.Locality;
        Stats = stats;
        _healthFlags = (int)FlagsOf(model.HealthStatus);
    }

    public Address Address => Model.Address;

    /// <summary><c>10.0.0.1:80</c>, as logs and <c>/clusters</c> print it.</summary>
    public string AddressText => Address.ToString();

    public string Hostname => Model.Hostname;

    public Locality Locality { get; }

    public uint Weight => Model.Weight;

    /// <summary>0 is tried first.</summary>
    public uint Priority => Volatile.Read(ref _priority);

    public bool Canary => Model.Canary;

    /// <summary>What discovery said last.</summary>
    public HostModel Model => Volatile.Read(ref _model);

    /// <summary>Slots of <see cref="Stats.HostStats"/> on every thread.</summary>
    public StatRange Stats { get; }

    /// <summary>Who still counts into <see cref="Stats"/>; null where slots are never reused (tests).</summary>
    internal HostUse? Use { get; set; }

    public HostHealthFlags HealthFlags => (HostHealthFlags)Volatile.Read(ref _healthFlags);

    /// <summary>What the flags come to.</summary>
    public HostHealth Health => HealthOf(HealthFlags);

    /// <summary>True when the host counts neither for nor against panic.</summary>
    public bool IsExcluded => (HealthFlags & HostHealthFlags.AnyExcluded) != 0;

    public static HostHealth HealthOf(HostHealthFlags flags)
    {
        if ((flags & HostHealthFlags.AnyUnhealthy) != 0)
        {
            return HostHealth.Unhealthy;
        }

        return (flags & HostHealthFlags.AnyDegraded) != 0 ? HostHealth.Degraded : HostHealth.Healthy;
    }

    /// <summary>Sets or clears flags; takes effect for requests when the host set is published again. Thread: main.</summary>
    public void SetHealthFlags(HostHealthFlags flags, bool on) =>
        Volatile.Write(ref _healthFlags, on ? _healthFlags | (int)flags : _healthFlags & ~(int)flags);

    public override string ToString() => AddressText;

    /// <summary>True when a model that was found by this host's key (see <see cref="HostIdentity"/>) describes it, and not another one.</summary>
    internal bool IsSameAs(HostModel model, Locality locality)
    {
        HostModel mine = _model;
        return mine.Hostname == model.Hostname && Locality == locality && mine.HealthCheckPort == model.HealthCheckPort;
    }

    /// <summary>Takes over weight, metadata and health status; true when anything that balancing depends on changed. Thread: main.</summary>
    internal bool Update(HostModel model, uint priority)
    {
        HostModel old = _model;
        Volatile.Write(ref _priority, priority);
        Volatile.Write(ref _model, model);
        const HostHealthFlags fromEds =
            HostHealthFlags.FailedEdsHealth | HostHealthFlags.DegradedEdsHealth | HostHealthFlags.EdsStatusDraining;
        HostHealthFlags flags = (HealthFlags & ~fromEds) | FlagsOf(model.HealthStatus);
        bool healthChanged = flags != HealthFlags;
        Volatile.Write(ref _healthFlags, (int)flags);
        return healthChanged || old.Weight != model.Weight || old.Canary != model.Canary
            || !old.Address.Equals(model.Address) || !Equals(old.Metadata, model.Metadata);
    }

    private static HostHealthFlags FlagsOf(EndpointHealthStatus status) => status switch
    {
        EndpointHealthStatus.Unhealthy or EndpointHealthStatus.Timeout => HostHealthFlags.FailedEdsHealth,
        EndpointHealthStatus.Draining => HostHealthFlags.EdsStatusDraining,
        EndpointHealthStatus.Degraded => HostHealthFlags.DegradedEdsHealth,
        _ => HostHealthFlags.None,
    };
}
