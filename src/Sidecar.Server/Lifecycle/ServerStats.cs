using System;
using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Server.Lifecycle;

/// <summary>Stats below <c>server.</c></summary>
public enum ServerStat
{
    Concurrency,
    Live,
    MemoryAllocated,
    MemoryHeapSize,
    MemoryPhysicalSize,
    State,
    TotalConnections,
    Uptime,
    Version,
}

/// <summary>The process's own gauges, brought up to date before each flush and scrape. Thread: main.</summary>
public sealed class ServerStats
{
    public static readonly StatTable Table = new(
        "server",
        Gauge("concurrency"),
        Gauge("live"),
        Gauge("memory_allocated"),
        Gauge("memory_heap_size"),
        Gauge("memory_physical_size"),
        Gauge("state"),
        Gauge("total_connections"),
        Gauge("uptime"),
        Gauge("version"));

    private readonly StatBlock _block;

    public ServerStats(StatStore store, StatSheet main) => _block = main.Block(store.Register("server.", Table).Range);

    public void Set(ServerStat stat, long value) => _block.Set((int)stat, value);

    public void Update(long uptimeSeconds, long connections, int state)
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        Set(ServerStat.MemoryAllocated, GC.GetTotalMemory(false));
        Set(ServerStat.MemoryHeapSize, memory.TotalCommittedBytes);
        Set(ServerStat.MemoryPhysicalSize, Environment.WorkingSet);
        Set(ServerStat.Uptime, uptimeSeconds);
        Set(ServerStat.TotalConnections, connections);
        Set(ServerStat.State, state);
        Set(ServerStat.Live, state == 0 ? 1 : 0);
    }
}
