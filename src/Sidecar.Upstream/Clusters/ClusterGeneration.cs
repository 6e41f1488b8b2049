using Sidecar.Upstream.CircuitBreakers;

namespace Sidecar.Upstream.Clusters;

/// <summary>
/// One configuration of a cluster and what belongs to it for as long as it is used: stats, and the counts that circuit breakers share.
/// A changed model makes a new generation; requests finish on the one on which they started. Immutable but for the counts; thread: any.
/// </summary>
internal sealed class ClusterGeneration : UseCount
{
    private readonly StatRecycler _recycler;

    public ClusterGeneration(int id, ClusterModel model, StatRecycler recycler)
        : base(recycler.Registry.Main)
    {
        Id = id;
        Model = model;
        Stats = new ClusterStats(recycler.Store, model);
        _recycler = recycler;
        ResourceLimits.InitializeRemaining(
            model.CircuitBreakers.DefaultPriority, recycler.Registry.Main.Stats.Block(Stats.DefaultBreakers));
        ResourceLimits.InitializeRemaining(model.CircuitBreakers.HighPriority, recycler.Registry.Main.Stats.Block(Stats.HighBreakers));
    }

    public int Id { get; }

    public ClusterModel Model { get; }

    public ClusterStats Stats { get; }

    public SharedCounts DefaultCounts { get; } = new();

    public SharedCounts HighCounts { get; } = new();

    protected override void OnUnused() => Stats.Release(_recycler);
}
