using System.Collections.Generic;

namespace Sidecar.Server.Admin;

/// <summary>What one init manager still waits for. Immutable.</summary>
/// <param name="Name">The manager's name, e.g. <c>Server</c> or <c>Listener 0.0.0.0_80</c>.</param>
/// <param name="Targets">Names of targets that are not ready.</param>
public sealed record UnreadyTargets(string Name, IReadOnlyList<string> Targets);

/// <summary>What initialization waits for. Thread: main.</summary>
public abstract class InitSource
{
    /// <summary>Managers that wait for nothing are left out.</summary>
    public abstract IEnumerable<UnreadyTargets> Unready { get; }
}
