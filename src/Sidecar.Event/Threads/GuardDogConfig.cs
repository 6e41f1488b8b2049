namespace Sidecar.Event.Threads;

/// <summary>When a thread that does not move is counted or ends the process; the defaults are Envoy's. Milliseconds; 0 turns a limit off.</summary>
/// <param name="MissMs">Counted as <c>watchdog_miss</c>.</param>
/// <param name="MegaMissMs">Counted as <c>watchdog_mega_miss</c>.</param>
/// <param name="KillMs">One thread stuck for so long ends the process.</param>
/// <param name="MultiKillMs">As <paramref name="KillMs"/>, for several threads at once.</param>
/// <param name="MultiKillThresholdPercent">How many of the watched threads are several; at least two.</param>
public sealed record GuardDogConfig(
    int MissMs = 200,
    int MegaMissMs = 1000,
    int KillMs = 0,
    int MultiKillMs = 0,
    double MultiKillThresholdPercent = 0);
