using System;
using System.Globalization;
using System.Text.Json;

namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/memory</c>: <c>envoy.admin.v3.Memory</c>, filled from the managed heap and the process. Thread: main.</summary>
public sealed class MemoryHandler() : AdminHandler("/memory", "print memory usage")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        long allocated = GC.GetTotalMemory(forceFullCollection: false);
        long committed = Math.Max(allocated, GC.GetGCMemoryInfo().TotalCommittedBytes);
        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        Write(json, "allocated", allocated);
        Write(json, "heap_size", committed);
        Write(json, "pageheap_unmapped", 0);
        Write(json, "pageheap_free", committed - allocated);
        Write(json, "total_thread_cache", 0);
        Write(json, "total_physical_bytes", Environment.WorkingSet);
        json.WriteEndObject();
    }

    /// <summary>64-bit numbers are strings in proto3's JSON.</summary>
    private static void Write(Utf8JsonWriter json, string name, long value) =>
        json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
}
