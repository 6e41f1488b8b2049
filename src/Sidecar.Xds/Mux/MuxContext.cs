using Envoy.Config.Core.V3;
using Sidecar.Core.Collections;
using Sidecar.Event;
using Sidecar.Xds.Stats;
using Sidecar.Xds.Streams;

namespace Sidecar.Xds.Mux;

/// <summary>What a mux is made of. Immutable.</summary>
public sealed class MuxContext
{
    /// <summary>Main's.</summary>
    public required Dispatcher Dispatcher { get; init; }

    public required XdsStreamFactory Streams { get; init; }

    /// <summary>Who we are: the bootstrap's node with what the command line adds.</summary>
    public required Node Node { get; init; }

    public required ControlPlaneStats Stats { get; init; }

    public StreamSettings StreamSettings { get; init; } = StreamSettings.Default;

    /// <summary><c>set_node_on_first_message_only</c>.</summary>
    public bool NodeOnFirstMessageOnly { get; init; }

    /// <summary>Jitter; tests pass a fixed seed.</summary>
    public required FastRandom Random { get; init; }
}
