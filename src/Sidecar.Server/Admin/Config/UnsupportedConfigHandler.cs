using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using Sidecar.Config.Schema;

namespace Sidecar.Server.Admin.Config;

/// <summary>
/// <c>/config/unsupported</c>, which Envoy lacks: the fields that the configuration sets and Sidecar does not act on, by resource, and
/// the deprecated ones. Computed when asked for, a resource a step. Thread: main.
/// </summary>
public sealed class UnsupportedConfigHandler(ConfigTracker tracker, SupportedFields supported)
    : AdminHandler("/config/unsupported", "list fields that are set but not supported")
{
    private const string BootstrapMessage = "envoy.config.bootstrap.v3.Bootstrap";

    public override IReadOnlyList<AdminParameter> Parameters { get; } =
        [AdminParameter.Text("name_regex", "list only resources whose whole name matches")];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        if (!NameFilter.TryParse(request.Query["name_regex"], out NameFilter names, out string error))
        {
            response.Fail(400, error);
            return;
        }

        List<(string Message, string Name, ReadOnlyMemory<byte> Bytes)> resources = [];
        if (tracker.Bootstrap is { } bootstrap && names == NameFilter.All)
        {
            resources.Add((BootstrapMessage, string.Empty, bootstrap.Resource));
        }

        foreach (ConfigKind kind in ConfigKinds.All)
        {
            foreach (ConfigEntry entry in tracker.Snapshot(kind))
            {
                // Static resources are part of the bootstrap.
                if (!entry.IsStatic && entry.Latest is { } latest && names.Matches(entry.Name))
                {
                    resources.Add((kind.MessageName(), entry.Name, latest.Resource));
                }
            }
        }

        response.ContentType = AdminResponse.Json;
        response.Rest = new SteppedBody(output => Write(output, resources));
    }

    private IEnumerator<BodyStep> Write(
        IBufferWriter<byte> output, List<(string Message, string Name, ReadOnlyMemory<byte> Bytes)> resources)
    {
        using Utf8JsonWriter json = AdminResponse.CreateJson(output);
        json.WriteStartObject();
        json.WriteStartArray("resources");
        foreach ((string message, string name, ReadOnlyMemory<byte> bytes) in resources)
        {
            UnsupportedFieldReport report = UnsupportedFieldReport.Check(SchemaTable.Api, supported, message, bytes.Span);
            if (!report.IsEmpty)
            {
                json.WriteStartObject();
                json.WriteString("type", message);
                json.WriteString("name", name);
                WriteList(json, "unsupported", report.Unsupported);
                WriteList(json, "deprecated", report.Deprecated);
                json.WriteEndObject();
                json.Flush();
            }

            yield return default;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> paths)
    {
        json.WriteStartArray(name);
        foreach (string path in paths)
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
    }
}
