using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/hot_restart_version</c>. Thread: main.</summary>
public sealed class HotRestartVersionHandler(ServerState server)
    : AdminHandler("/hot_restart_version", "print the hot restart compatibility version")
{
    public override void Handle(AdminRequest request, AdminResponse response) => response.Write(server.HotRestartVersion);
}

/// <summary><c>/contention</c>: workers share no mutexes, so there is nothing to trace. Thread: main.</summary>
public sealed class ContentionHandler() : AdminHandler("/contention", "print mutex contention (not traced)")
{
    public override void Handle(AdminRequest request, AdminResponse response) =>
        response.Fail(503, "Mutex contention tracing is not enabled: worker threads hold no mutexes.\n");
}

/// <summary><c>/cpuprofiler</c>: there is none inside the process. Thread: main.</summary>
public sealed class CpuProfilerHandler() : AdminHandler("/cpuprofiler", "enable or disable the CPU profiler (not built in)")
{
    public override bool MutatesState => true;

    public override IReadOnlyList<AdminParameter> Parameters { get; } = [AdminParameter.Choice("enable", "enable the profiler", "y", "n")];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        switch (request.Query["enable"])
        {
            case "y":
                response.Fail(500, "failure to start the profiler: none is built in, use perf or dotnet-trace\n");
                break;
            case "n":
                response.Write("OK\n");
                break;
            default:
                response.Fail(400, "?enable=<y|n>\n");
                break;
        }
    }
}

/// <summary><c>/certs</c>: <c>envoy.admin.v3.Certificates</c>; empty as long as no TLS context is loaded. Thread: main.</summary>
public sealed class CertsHandler() : AdminHandler("/certs", "print certificates in use")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        json.WriteStartArray("certificates");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary><c>/init_dump</c>: <c>envoy.admin.v3.UnreadyTargetsDumps</c>. Thread: main.</summary>
public sealed class InitDumpHandler(InitSource init) : AdminHandler("/init_dump", "print what initialization waits for")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } =
        [AdminParameter.Choice("mask", "print only what these wait for", "listener")];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        string? mask = request.Query.NonEmpty("mask");
        if (mask is not (null or "listener"))
        {
            response.Fail(400, "usage: /init_dump?mask=listener\n");
            return;
        }

        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        json.WriteStartArray("unready_targets_dumps");
        foreach (UnreadyTargets unready in init.Unready)
        {
            if (mask is null || unready.Name.StartsWith(mask, StringComparison.OrdinalIgnoreCase))
            {
                Write(json, unready);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, UnreadyTargets unready)
    {
        json.WriteStartObject();
        json.WriteString("name", unready.Name);
        json.WriteStartArray("target_names");
        foreach (string target in unready.Targets)
        {
            json.WriteStringValue(target);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
