using Sidecar.Core.Stats;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Server.Admin.Config;
using Sidecar.Server.Admin.Listeners;

namespace Sidecar.Server.Admin;

/// <summary>What the admin shows and controls. Immutable; thread: main.</summary>
public sealed class AdminSources
{
    public required ServerState Server { get; init; }

    public required StatCatalog Stats { get; init; }

    public required ConfigTracker Config { get; init; }

    public required ClusterSource Clusters { get; init; }

    public required ListenerSource Listeners { get; init; }

    public required RuntimeSource Runtime { get; init; }

    public required InitSource Init { get; init; }
}
