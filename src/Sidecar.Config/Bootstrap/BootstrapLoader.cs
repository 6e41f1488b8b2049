using System;
using System.IO;
using System.Text;
using Sidecar.Config.Schema;
using Sidecar.Config.Tree;
using BootstrapProto = Envoy.Config.Bootstrap.V3.Bootstrap;

namespace Sidecar.Config.Bootstrap;

/// <summary>A bootstrap, or why there is none.</summary>
/// <param name="Message">The typed bootstrap, null if there are errors.</param>
/// <param name="WireBytes">Its wire bytes, kept for /config_dump.</param>
/// <param name="Errors">All that is wrong, with file, line, column and field; and the unknown fields that were let pass.</param>
public sealed record LoadedBootstrap(BootstrapProto? Message, byte[] WireBytes, ConfigErrors Errors);

/// <summary>
/// Reads the bootstrap from `--config-path` (YAML, JSON, or binary in a .pb file) and `--config-yaml`, which is merged over it. Main
/// thread.
/// </summary>
public static class BootstrapLoader
{
    private const string MessageName = "envoy.config.bootstrap.v3.Bootstrap";

    /// <summary>Reads, merges, validates and parses.</summary>
    /// <param name="configPath">Value of `--config-path`, null or empty if not given.</param>
    /// <param name="configYaml">Value of `--config-yaml`, null or empty if not given.</param>
    /// <param name="allowUnknownFields">Value of `--allow-unknown-static-fields`.</param>
    public static LoadedBootstrap Load(string? configPath, string? configYaml, bool allowUnknownFields = false)
    {
        ConfigErrors errors = new();
        MessageSchema schema = SchemaTable.Api.GetMessage(MessageName);
        byte[] wire = [];
        ConfigNode? document = null;
        if (!string.IsNullOrEmpty(configPath) && ReadFile(configPath, errors) is { } content)
        {
            if (configPath.EndsWith(".pb", StringComparison.OrdinalIgnoreCase))
            {
                wire = content;
            }
            else
            {
                document = ConfigTree.Read(content, configPath, errors);
            }
        }

        if (!string.IsNullOrEmpty(configYaml) && ConfigTree.Read(Encoding.UTF8.GetBytes(configYaml), "--config-yaml", errors) is { } over)
        {
            document = document is null ? over : ConfigTree.Merge(document, over);
        }

        if (string.IsNullOrEmpty(configPath) && string.IsNullOrEmpty(configYaml))
        {
            errors.Add(default, "", "at least one of --config-path or --config-yaml must be given");
        }

        if (!errors.IsEmpty)
        {
            return new LoadedBootstrap(null, wire, errors);
        }

        // Joining the bytes of two messages is how protobuf merges them.
        wire = document is null ? wire : [.. wire, .. WireEncoder.Encode(SchemaTable.Api, schema, document, errors)];
        return Finish(schema, wire, document, errors, allowUnknownFields);
    }

    private static LoadedBootstrap Finish(
        MessageSchema schema, byte[] wire, ConfigNode? document, ConfigErrors errors, bool allowUnknownFields)
    {
        ConfigErrors violations = new();
        ConstraintValidator.Check(SchemaTable.Api, schema, wire, violations);
        if (errors.IsEmpty)
        {
            foreach (ConfigError violation in violations.Errors)
            {
                errors.Add(Place(document, violation), violation.Path, violation.Message);
            }
        }

        foreach (ConfigError unknown in violations.UnknownFields)
        {
            errors.AddUnknownField(Place(document, unknown), unknown.Path, unknown.Message);
        }

        if (!allowUnknownFields)
        {
            errors.RejectUnknownFields();
        }

        if (!errors.IsEmpty)
        {
            return new LoadedBootstrap(null, wire, errors);
        }

        try
        {
            return new LoadedBootstrap(TypedConfig.Parse<BootstrapProto>(wire), wire, errors);
        }
        catch (TypedConfigException malformed)
        {
            errors.Add(default, "", malformed.Message);
            return new LoadedBootstrap(null, wire, errors);
        }
    }

    private static SourcePosition Place(ConfigNode? document, ConfigError error) =>
        document is null ? error.Position : ConfigTree.Locate(document, error.Path);

    private static byte[]? ReadFile(string path, ConfigErrors errors)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add(new SourcePosition(path, 0, 0), "", "cannot be read: " + unreadable.Message);
            return null;
        }
    }
}
