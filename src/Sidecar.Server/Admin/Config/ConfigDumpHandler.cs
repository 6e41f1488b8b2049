using System.Collections.Generic;
using System.Linq;
using Sidecar.Config.Schema;
using Sidecar.Server.Admin.Clusters;

namespace Sidecar.Server.Admin.Config;

/// <summary><c>/config_dump</c>: the configuration in force, in pieces. Thread: main.</summary>
public sealed class ConfigDumpHandler(ConfigTracker tracker, ClusterSource clusters)
    : AdminHandler("/config_dump", "dump the current configuration")
{
    private readonly SchemaTable _table = SchemaTable.Api;

    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Text("resource", "dump only this repeated field, e.g. dynamic_active_clusters"),
        AdminParameter.Text("mask", "field mask; with resource it applies to each element, else to each dump"),
        AdminParameter.Text("name_regex", "dump only resources whose whole name matches"),
        AdminParameter.Switch("include_eds", "dump endpoints too"),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        if (!NameFilter.TryParse(request.Query["name_regex"], out NameFilter names, out string error))
        {
            response.Fail(400, error);
            return;
        }

        List<DumpSection> sections = new DumpSections(_table, tracker, clusters).Create(names, request.Query.Has("include_eds"));
        string maskText = request.Query["mask"] ?? string.Empty;
        FieldMaskTree? mask = FieldMaskTree.Parse(maskText);
        if (request.Query.NonEmpty("resource") is { } resource)
        {
            DumpResource(response, sections, resource, mask, maskText);
            return;
        }

        if (mask is not null)
        {
            sections.RemoveAll(s => !SelectsAny(mask, s.Message));
            if (sections.Count == 0)
            {
                response.Fail(400, $"FieldMask {maskText} could not be successfully applied to any configs.");
                return;
            }
        }

        response.ContentType = AdminResponse.Json;
        response.Rest = ConfigDumpBody.Sections(_table, sections, mask);
    }

    private static bool SelectsAny(FieldMaskTree mask, MessageSchema message) => message.Fields.Any(f => mask.Selects(f.Name, out _));

    private void DumpResource(AdminResponse response, List<DumpSection> sections, string resource, FieldMaskTree? mask, string maskText)
    {
        DumpField? field = sections.Select(s => s.Find(resource)).FirstOrDefault(f => f is not null);
        if (field is null)
        {
            response.Fail(404, $"{resource} not found in config dump");
        }
        else if (!field.Schema.IsRepeated)
        {
            response.Fail(400, $"{resource} is not a repeated field. Use ?mask={resource} to get only this field");
        }
        else if (mask is not null && !SelectsAny(mask, field.Schema.Message))
        {
            response.Fail(400, $"FieldMask {maskText} could not be successfully used.");
        }
        else
        {
            response.ContentType = AdminResponse.Json;
            response.Rest = ConfigDumpBody.Elements(_table, field, mask);
        }
    }
}
