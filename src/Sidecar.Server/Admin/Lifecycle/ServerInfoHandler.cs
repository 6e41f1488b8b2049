using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Sidecar.Config.Schema;
using Sidecar.Network.Listeners;
using Sidecar.Server.Options;

namespace Sidecar.Server.Admin.Lifecycle;

/// <summary><c>/server_info</c>: <c>envoy.admin.v3.ServerInfo</c> with default values shown. Thread: main.</summary>
public sealed class ServerInfoHandler(ServerState server) : AdminHandler("/server_info", "print server version, state and options")
{
    public override void Handle(AdminRequest request, AdminResponse response)
    {
        using Utf8JsonWriter json = response.StartJson();
        json.WriteStartObject();
        json.WriteString("version", server.Version);
        json.WriteString("state", ReadyHandler.NameOf(server.Lifecycle));
        json.WriteString("hot_restart_version", server.HotRestartVersion);
        WriteOptions(json, server.Options);
        json.WritePropertyName("node");
        SchemaTable table = SchemaTable.Api;
        WireJsonWriter.Write(table, table.GetMessage("envoy.config.core.v3.Node"), server.Node.Span, json);
        json.WriteString("uptime_current_epoch", Seconds(server.Uptime));
        json.WriteString("uptime_all_epochs", Seconds(server.UptimeAllEpochs));
        json.WriteEndObject();
    }

    private static string Seconds(TimeSpan span) => ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s";

    private static string Seconds(int seconds) => seconds.ToString(CultureInfo.InvariantCulture) + "s";

    /// <summary><c>envoy.admin.v3.CommandLineOptions</c>; options that Sidecar accepts and ignores have their default values.</summary>
    private void WriteOptions(Utf8JsonWriter json, ServerOptions options)
    {
        json.WriteStartObject("command_line_options");
        json.WriteString("base_id", options.BaseId.ToString(CultureInfo.InvariantCulture));
        json.WriteBoolean("use_dynamic_base_id", false);
        json.WriteString("base_id_path", "");
        json.WriteNumber("concurrency", server.Concurrency);
        json.WriteString("config_path", options.ConfigPath);
        json.WriteString("config_yaml", options.ConfigYaml);
        json.WriteBoolean("allow_unknown_static_fields", options.AllowUnknownStaticFields);
        json.WriteBoolean("reject_unknown_dynamic_fields", options.RejectUnknownDynamicFields);
        json.WriteBoolean("ignore_unknown_dynamic_fields", options.IgnoreUnknownDynamicFields);
        json.WriteString("admin_address_path", options.AdminAddressPath);
        json.WriteString("local_address_ip_version", options.LocalAddressIpVersion);
        json.WriteString("log_level", options.LogLevel);
        json.WriteString("component_log_level", string.Join(',', options.ComponentLogLevels.Select(p => $"{p.Key}:{p.Value}")));
        json.WriteString("log_format", options.LogFormat ?? "");
        json.WriteBoolean("log_format_escaped", false);
        json.WriteString("log_path", options.LogPath);
        json.WriteString("service_cluster", options.ServiceCluster);
        json.WriteString("service_node", options.ServiceNode);
        json.WriteString("service_zone", options.ServiceZone);
        json.WriteString("file_flush_interval", Milliseconds(options.FileFlushIntervalMs));
        json.WriteString("drain_time", Seconds(options.DrainTimeS));
        json.WriteString("drain_strategy", options.DrainStrategy == DrainStrategy.Immediate ? "Immediate" : "Gradual");
        json.WriteString("parent_shutdown_time", Seconds(options.ParentShutdownTimeS));
        json.WriteString("mode", options.Mode.ToString());
        json.WriteBoolean("disable_hot_restart", options.DisableHotRestart);
        json.WriteBoolean("enable_mutex_tracing", false);
        json.WriteNumber("restart_epoch", options.RestartEpoch);
        json.WriteBoolean("cpuset_threads", false);
        json.WriteStartArray("disabled_extensions");
        foreach (string extension in options.DisabledExtensions)
        {
            json.WriteStringValue(extension);
        }

        json.WriteEndArray();
        json.WriteBoolean("enable_fine_grain_logging", false);
        json.WriteBoolean("enable_core_dump", false);
        json.WriteEndObject();
    }

    /// <summary>A duration in proto3's JSON: three digits after the point, or none.</summary>
    private static string Milliseconds(int milliseconds) => milliseconds % 1000 == 0
        ? Seconds(milliseconds / 1000)
        : (milliseconds / 1000.0).ToString("F3", CultureInfo.InvariantCulture) + "s";
}
