using System.Collections.Generic;
using Sidecar.Server.Admin;
using Sidecar.Server.Discovery;

namespace Sidecar.Server.Lifecycle;

/// <summary>What initialization still waits for. Thread: main.</summary>
internal sealed class ServerInitSource(DynamicResources dynamic) : InitSource
{
    public override IEnumerable<UnreadyTargets> Unready
    {
        get
        {
            List<string> targets = [.. dynamic.ServerInit.Unready];
            if (targets.Count > 0)
            {
                yield return new UnreadyTargets("Server", targets);
            }
        }
    }
}

/// <summary>Runtime values: none can be changed while the process runs. Thread: main.</summary>
internal sealed class StaticRuntime : RuntimeSource
{
    public override IReadOnlyList<RuntimeLayer> Layers => [];

    public override string? Modify(IReadOnlyList<KeyValuePair<string, string>> values) => "runtime values cannot be modified";
}
