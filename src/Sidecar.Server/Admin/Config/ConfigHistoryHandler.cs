using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Sidecar.Config.Schema;

namespace Sidecar.Server.Admin.Config;

/// <summary>
/// <c>/config/history</c>, which Envoy lacks: the last changes of each resource of discovery, newest first: which version came when, and
/// why it was rejected. Thread: main.
/// </summary>
public sealed class ConfigHistoryHandler(ConfigTracker tracker) : AdminHandler("/config/history", "list the last changes of each resource")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Choice("outcome", "list only these", "accepted", "rejected", "removed"),
        AdminParameter.Text("type", "list only this type, e.g. envoy.config.cluster.v3.Cluster"),
        AdminParameter.Text("name_regex", "list only resources whose whole name matches"),
        AdminParameter.Switch("include_resource", "show the resources as they were sent, as far as they are kept"),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        ConfigOutcome? outcome = null;
        ConfigKind? kind = null;
        if (request.Query.NonEmpty("outcome") is { } outcomeText)
        {
            if (!Enum.TryParse(outcomeText, ignoreCase: true, out ConfigOutcome parsed) || OutcomeText(parsed) != outcomeText)
            {
                response.Fail(400, "usage: /config/history?outcome=(accepted|rejected|removed)\n");
                return;
            }

            outcome = parsed;
        }

        if (request.Query.NonEmpty("type") is { } type)
        {
            if (!ConfigKinds.TryParse(type, out ConfigKind parsed))
            {
                response.Fail(400, $"unknown type '{type}'\n");
                return;
            }

            kind = parsed;
        }

        if (!NameFilter.TryParse(request.Query["name_regex"], out NameFilter names, out string error))
        {
            response.Fail(400, error);
            return;
        }

        List<ConfigChange> changes = [.. tracker.History.All()];
        changes.RemoveAll(c => (outcome ?? c.Outcome) != c.Outcome || (kind ?? c.Kind) != c.Kind || !names.Matches(c.Name));
        changes.Reverse();
        bool includeResource = request.Query.Has("include_resource");
        response.ContentType = AdminResponse.Json;
        response.Rest = new SteppedBody(output => Write(output, changes, includeResource));
    }

    private static IEnumerator<BodyStep> Write(IBufferWriter<byte> output, List<ConfigChange> changes, bool includeResource)
    {
        using Utf8JsonWriter json = AdminResponse.CreateJson(output);
        json.WriteStartObject();
        json.WriteStartArray("changes");
        foreach (ConfigChange change in changes)
        {
            json.WriteStartObject();
            json.WriteString("type", change.Kind.MessageName());
            json.WriteString("name", change.Name);
            json.WriteString("outcome", OutcomeText(change.Outcome));
            json.WriteString("version_info", change.Version);
            json.WriteString("time", TimeOf(change));
            if (change.Count > 1)
            {
                json.WriteNumber("count", change.Count);
            }

            if (change.Details.Length > 0)
            {
                json.WriteString("details", change.Details);
            }

            if (includeResource && !change.Resource.IsEmpty)
            {
                json.WritePropertyName("resource");
                WireJsonWriter.Write(SchemaTable.Api, SchemaTable.Api.GetMessage(change.Kind.MessageName()), change.Resource.Span, json);
            }

            json.WriteEndObject();
            json.Flush();
            yield return default;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string OutcomeText(ConfigOutcome outcome) => outcome switch
    {
        ConfigOutcome.Accepted => "accepted",
        ConfigOutcome.Rejected => "rejected",
        _ => "removed",
    };

    private static string TimeOf(ConfigChange change) =>
        DateTime.UnixEpoch.AddTicks(change.AtUnixNs / 100).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
