using System.Collections.Generic;
using System.Text.Json;

namespace Sidecar.Server.Admin.Listeners;

/// <summary><c>/listeners</c>: names and addresses. Thread: main.</summary>
public sealed class ListenersHandler(ListenerSource listeners) : AdminHandler("/listeners", "print listeners and their addresses")
{
    public override IReadOnlyList<AdminParameter> Parameters { get; } = [AdminParameter.Choice("format", "output format", "text", "json")];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        switch (request.Query.NonEmpty("format"))
        {
            case null or "text":
                foreach (ListenerView listener in listeners.Active)
                {
                    response.Write($"{listener.Name}::{listener.BoundAddress}\n");
                }

                break;
            case "json":
                WriteJson(response);
                break;
            default:
                response.Fail(400, "usage: /listeners?format=(json|text)\n");
                break;
        }
    }

    /// <summary><c>envoy.admin.v3.Listeners</c>.</summary>
    private void WriteJson(AdminResponse response)
    {
        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        json.WriteStartArray("listener_statuses");
        foreach (ListenerView listener in listeners.Active)
        {
            json.WriteStartObject();
            json.WriteString("name", listener.Name);
            json.WritePropertyName("local_address");
            AddressJson.Write(json, listener.BoundAddress);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
