using System.Collections.Generic;
using Sidecar.Network.Listeners;

namespace Sidecar.Server.Options;

/// <summary>What the process is started for (<c>--mode</c>).</summary>
public enum ServerMode : byte
{
    /// <summary>Proxy traffic.</summary>
    Serve = 0,

    /// <summary>Check the configuration and exit.</summary>
    Validate,

    /// <summary>Initialise, listen on nothing, exit.</summary>
    InitOnly,
}

/// <summary>The command line, with Envoy's names and meanings. Immutable; thread: any.</summary>
public sealed class ServerOptions
{
    public ServerMode Mode { get; init; }

    /// <summary><c>-c</c>, <c>--config-path</c>: YAML or JSON; empty when there is none.</summary>
    public string ConfigPath { get; init; } = string.Empty;

    /// <summary><c>--config-yaml</c>: merged over the file.</summary>
    public string ConfigYaml { get; init; } = string.Empty;

    /// <summary>Workers; 0 means as many as the cgroup grants processors.</summary>
    public int Concurrency { get; init; }

    public string ServiceCluster { get; init; } = string.Empty;

    public string ServiceNode { get; init; } = string.Empty;

    public string ServiceZone { get; init; } = string.Empty;

    /// <summary><c>-l</c>, <c>--log-level</c>.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary><c>--component-log-level</c>: pairs of component and level.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ComponentLogLevels { get; init; } = [];

    /// <summary>Null: the default format.</summary>
    public string? LogFormat { get; init; }

    /// <summary>Empty: standard error.</summary>
    public string LogPath { get; init; } = string.Empty;

    /// <summary>How long connections of a replaced listener, or of a server that shuts down, may go on. Seconds.</summary>
    public int DrainTimeS { get; init; } = 600;

    public DrainStrategy DrainStrategy { get; init; }

    /// <summary>Seconds after which a hot-restarted parent ends.</summary>
    public int ParentShutdownTimeS { get; init; } = 900;

    public int RestartEpoch { get; init; }

    public int BaseId { get; init; }

    public bool DisableHotRestart { get; init; }

    public int FileFlushIntervalMs { get; init; } = 10_000;

    public int FileFlushMinSizeKb { get; init; } = 64;

    /// <summary><c>v4</c> or <c>v6</c>.</summary>
    public string LocalAddressIpVersion { get; init; } = "v4";

    public bool AllowUnknownStaticFields { get; init; }

    public bool RejectUnknownDynamicFields { get; init; }

    public bool IgnoreUnknownDynamicFields { get; init; }

    /// <summary>File to which the admin's address is written; empty means none.</summary>
    public string AdminAddressPath { get; init; } = string.Empty;

    public IReadOnlyList<string> DisabledExtensions { get; init; } = [];

    /// <summary>Answer <c>--version</c> or <c>--help</c> and exit.</summary>
    public bool ShowVersion { get; init; }

    public bool ShowHelp { get; init; }
}
