using Sidecar.Core.Stats;

namespace Sidecar.Event.Threads;

/// <summary>What a guard dog counts, per pack (<c>workers.</c>, <c>main_thread.</c>) and per thread (<c>server.worker_0.</c>).</summary>
public static class GuardDogStats
{
    public const int WatchdogMegaMiss = 0;
    public const int WatchdogMiss = 1;

    public static readonly StatTable Table = new(
        "watchdog",
        StatTable.Counter("watchdog_mega_miss"),
        StatTable.Counter("watchdog_miss"));
}
