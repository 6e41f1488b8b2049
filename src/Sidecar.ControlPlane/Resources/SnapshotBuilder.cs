using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;

namespace Sidecar.ControlPlane.Resources;

/// <summary>
/// Turns the files of a folder into a snapshot, or into everything that is wrong with them. A file has lists under the keys of
/// <see cref="ResourceType"/>, or a list `resources` whose entries carry `@type` (as in a DiscoveryResponse, and as Envoy's own
/// filesystem subscriptions take it), or both. One thread, one build.
/// </summary>
public sealed class SnapshotBuilder
{
    private const string ResourceWrapper = "envoy.service.discovery.v3.Resource";

    /// <summary>The other fields of a DiscoveryResponse: a file may be one, and they say nothing here.</summary>
    private static readonly HashSet<string> s_responseKeys =
        ["version_info", "versionInfo", "type_url", "typeUrl", "nonce", "control_plane", "controlPlane"];

    private readonly bool _allowsInvalid;
    private readonly Dictionary<(ResourceType Type, string Name), Resource> _resources = [];

    private SnapshotBuilder(bool allowsInvalid) => _allowsInvalid = allowsInvalid;

    private ConfigErrors Errors { get; } = new();

    /// <summary>Builds a snapshot of the files; null, and at least one error, if any file is wrong.</summary>
    /// <param name="files">The files, in a stable order.</param>
    /// <param name="allowsInvalid">True to serve what breaks the API's validate rules, to see a client reject it.</param>
    /// <param name="errors">What is wrong, with file, line and field.</param>
    public static Snapshot? Build(IEnumerable<ResourceFile> files, bool allowsInvalid, out ConfigErrors errors)
    {
        ArgumentNullException.ThrowIfNull(files);
        SnapshotBuilder builder = new(allowsInvalid);
        foreach (ResourceFile file in files)
        {
            builder.AddFile(file);
        }

        errors = builder.Errors;
        return errors.IsEmpty ? Snapshot.Of(builder._resources.Values) : null;
    }

    private void AddFile(ResourceFile file)
    {
        if (file.Content.Length == 0)
        {
            // Most likely caught between an editor's truncation and its write: not a wish to drop every resource.
            Errors.Add(new SourcePosition(file.Path, 0, 0), "", "is empty; delete it to remove its resources");
            return;
        }

        int before = Errors.Count;
        ConfigNode? document = ConfigTree.Read(file.Content, file.Path, Errors);
        if (document is null || Errors.Count != before || document.Kind == ConfigNodeKind.Null)
        {
            return;
        }

        if (document.Kind != ConfigNodeKind.Mapping)
        {
            string given = document.Describe();
            Errors.Add(document.Position, "", $"expected a mapping with lists such as `clusters` or `resources`, not {given}");
            return;
        }

        if (document.Find("@type") is not null)
        {
            AddTyped(document, "");
            return;
        }

        foreach (ConfigEntry entry in document.Entries)
        {
            AddList(entry);
        }
    }

    private void AddList(ConfigEntry entry)
    {
        ResourceType? type = ResourceType.FindByKey(entry.Key);
        if (type is null && entry.Key != "resources")
        {
            if (!s_responseKeys.Contains(entry.Key))
            {
                Errors.Add(entry.KeyPosition, entry.Key, "unknown key; expected resources, " + KnownKeys());
            }

            return;
        }

        if (entry.Value.Kind is not (ConfigNodeKind.Sequence or ConfigNodeKind.Null))
        {
            Errors.Add(entry.Value.Position, entry.Key, $"expected a list, not {entry.Value.Describe()}");
            return;
        }

        for (int i = 0; i < entry.Value.Items.Count; i++)
        {
            string path = $"{entry.Key}[{i}]";
            if (type is null)
            {
                AddTyped(entry.Value.Items[i], path);
            }
            else
            {
                AddResource(type, entry.Value.Items[i], path);
            }
        }
    }

    /// <summary>An entry with `@type`; a Resource wrapper around it is taken off.</summary>
    private void AddTyped(ConfigNode node, string path)
    {
        string url = node.Find("@type")?.Text ?? "";
        if (SchemaTable.NameOf(url) == ResourceWrapper && node.Find("resource") is { } inner)
        {
            AddTyped(inner, path.Length == 0 ? "resource" : path + ".resource");
            return;
        }

        ResourceType? type = ResourceType.FindByUrl(url);
        if (type is null)
        {
            string message = url.Length == 0 ? "expected a mapping with `@type`" : $"`{url}` is not a type that this server serves";
            Errors.Add(node.Position, path, message);
            return;
        }

        List<ConfigEntry> entries = [];
        foreach (ConfigEntry entry in node.Entries)
        {
            if (entry.Key != "@type")
            {
                entries.Add(entry);
            }
        }

        AddResource(type, ConfigNode.Mapping(entries, node.Position), path);
    }

    private void AddResource(ResourceType type, ConfigNode node, string path)
    {
        MessageSchema schema = SchemaTable.Api.GetMessage(type.MessageName);
        ConfigErrors found = new();
        byte[] wire = WireEncoder.Encode(SchemaTable.Api, schema, node, found);
        found.RejectUnknownFields();
        if (found.IsEmpty && !_allowsInvalid)
        {
            ConfigErrors violations = new();
            ConstraintValidator.Check(SchemaTable.Api, schema, wire, violations);
            foreach (ConfigError violation in violations.Errors)
            {
                found.Add(ConfigTree.Locate(node, violation.Path), violation.Path, violation.Message);
            }
        }

        string name = ReadName(type, schema, wire);
        if (found.IsEmpty && name.Length == 0)
        {
            found.Add(node.Position, type.NameField, "a resource needs a name");
        }

        Resource resource = new(type, name, wire, node.Position);
        if (found.IsEmpty && !_resources.TryAdd((type, name), resource))
        {
            found.Add(node.Position, "", $"{type.Key} has `{name}` twice; the other is at {_resources[(type, name)].Position}");
        }

        foreach (ConfigError error in found.Errors)
        {
            Errors.Add(error.Position, Join(path, error.Path), error.Message);
        }
    }

    private static string ReadName(ResourceType type, MessageSchema schema, ReadOnlySpan<byte> wire)
    {
        int number = schema.Find(type.NameField)!.Number;
        WireReader reader = new(wire);
        string name = "";
        while (reader.TryReadField(out WireField field))
        {
            if (field.Number == number)
            {
                name = Encoding.UTF8.GetString(field.Payload(wire));
            }
        }

        return name;
    }

    private static string Join(string path, string field) => path.Length == 0 ? field : field.Length == 0 ? path : $"{path}.{field}";

    private static string KnownKeys()
    {
        StringBuilder keys = new();
        foreach (ResourceType type in ResourceType.All)
        {
            keys.Append(keys.Length == 0 ? "" : ", ").Append(type.Key);
        }

        return keys.ToString();
    }
}
