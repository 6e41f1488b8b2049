using System;
using System.Collections.Generic;
using System.Globalization;
using Sidecar.Network.Listeners;

namespace Sidecar.Server.Options;

/// <summary>
/// Parses the command line: Envoy's flags in both forms (<c>--flag value</c>, <c>--flag=value</c>). Flags of Envoy's that mean nothing
/// here are accepted and listed by <see cref="Ignored"/>, so that whoever starts Envoy can start Sidecar. Stateless.
/// </summary>
public sealed class CommandLine
{
    private static readonly Dictionary<string, string> s_short = new(StringComparer.Ordinal)
    {
        ["-c"] = "--config-path",
        ["-l"] = "--log-level",
        ["-h"] = "--help",
    };

    /// <summary>Accepted for compatibility, with a value.</summary>
    private static readonly HashSet<string> s_ignoredWithValue =
    [
        "--base-id-path", "--socket-path", "--socket-mode", "--hot-restart-version", "--concurrency-limit", "--stats-tag",
        "--max-obj-name-len", "--max-stats", "--bootstrap-version",
    ];

    /// <summary>Accepted for compatibility, without a value.</summary>
    private static readonly HashSet<string> s_ignoredSwitches =
    [
        "--enable-mutex-tracing", "--cpuset-threads", "--log-format-escaped", "--enable-fine-grain-logging", "--use-dynamic-base-id",
        "--skip-hot-restart-on-no-parent", "--skip-hot-restart-parent-stats", "--enable-core-dump", "--allow-unknown-fields",
        "--log-format-prefix-with-location", "--parent-shutdown-time-ms",
    ];

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];

    private CommandLine()
    {
    }

    /// <summary>Flags that were accepted and have no effect.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>The options, or null and why they are wrong.</summary>
    public static ServerOptions? TryParse(ReadOnlySpan<string> args, out IReadOnlyList<string> ignored, out string error)
    {
        var parser = new CommandLine();
        ignored = parser._ignored;
        return parser.TryRead(args, out error) ? parser.Build(out error) : null;
    }

    private static bool IsSwitch(string flag) => flag is "--disable-hot-restart" or "--allow-unknown-static-fields"
        or "--reject-unknown-dynamic-fields" or "--ignore-unknown-dynamic-fields" or "--version" or "--help";

    private static bool IsValue(string flag) => flag is "--config-path" or "--config-yaml" or "--mode" or "--concurrency" or "--service-cluster"
        or "--service-node" or "--service-zone" or "--log-level" or "--component-log-level" or "--log-format" or "--log-path"
        or "--drain-time-s" or "--drain-strategy" or "--parent-shutdown-time-s" or "--restart-epoch" or "--base-id"
        or "--file-flush-interval-msec" or "--file-flush-min-size-kb" or "--local-address-ip-version" or "--admin-address-path"
        or "--disable-extensions";

    private bool TryRead(ReadOnlySpan<string> args, out string error)
    {
        error = string.Empty;
        for (int i = 0; i < args.Length; i++)
        {
            string flag = args[i];
            string? value = null;
            int equals = flag.StartsWith("--", StringComparison.Ordinal) ? flag.IndexOf('=') : -1;
            if (equals > 0)
            {
                value = flag[(equals + 1)..];
                flag = flag[..equals];
            }

            flag = s_short.GetValueOrDefault(flag, flag);
            if (IsSwitch(flag) || s_ignoredSwitches.Contains(flag))
            {
                if (value is not null)
                {
                    error = $"{flag} takes no value";
                    return false;
                }

                Keep(flag, "true");
                continue;
            }

            if (!IsValue(flag) && !s_ignoredWithValue.Contains(flag))
            {
                error = $"unknown argument '{flag}'";
                return false;
            }

            if (value is null && ++i == args.Length)
            {
                error = $"{flag} needs a value";
                return false;
            }

            if (!Keep(flag, value ?? args[i]))
            {
                error = $"{flag} is given twice";
                return false;
            }
        }

        return true;
    }

    private bool Keep(string flag, string value)
    {
        if (s_ignoredSwitches.Contains(flag) || s_ignoredWithValue.Contains(flag))
        {
            _ignored.Add(flag);
            return true;
        }

        return _values.TryAdd(flag, value);
    }

    private ServerOptions? Build(out string error)
    {
        var problems = new List<string>();
        var options = new ServerOptions
        {
            Mode = Choose("--mode", problems, ("serve", ServerMode.Serve), ("validate", ServerMode.Validate), ("init_only", ServerMode.InitOnly)),
            ConfigPath = Text("--config-path"),
            ConfigYaml = Text("--config-yaml"),
            Concurrency = Number("--concurrency", 0, 0, 1024, problems),
            ServiceCluster = Text("--service-cluster"),
            ServiceNode = Text("--service-node"),
            ServiceZone = Text("--service-zone"),
            LogLevel = Level(Text("--log-level", "info"), problems),
            ComponentLogLevels = Components(problems),
            LogFormat = _values.GetValueOrDefault("--log-format"),
            LogPath = Text("--log-path"),
            DrainTimeS = Number("--drain-time-s", 600, 0, int.MaxValue / 1000, problems),
            DrainStrategy = Choose("--drain-strategy", problems, ("gradual", DrainStrategy.Gradual), ("immediate", DrainStrategy.Immediate)),
            ParentShutdownTimeS = Number("--parent-shutdown-time-s", 900, 0, int.MaxValue / 1000, problems),
            RestartEpoch = Number("--restart-epoch", 0, 0, int.MaxValue, problems),
            BaseId = Number("--base-id", 0, 0, int.MaxValue, problems),
            DisableHotRestart = _values.ContainsKey("--disable-hot-restart"),
            FileFlushIntervalMs = Number("--file-flush-interval-msec", 10_000, 1, int.MaxValue, problems),
            FileFlushMinSizeKb = Number("--file-flush-min-size-kb", 64, 1, 1024 * 1024, problems),
            LocalAddressIpVersion = Choose("--local-address-ip-version", problems, ("v4", "v4"), ("v6", "v6")),
            AllowUnknownStaticFields = _values.ContainsKey("--allow-unknown-static-fields"),
            RejectUnknownDynamicFields = _values.ContainsKey("--reject-unknown-dynamic-fields"),
            IgnoreUnknownDynamicFields = _values.ContainsKey("--ignore-unknown-dynamic-fields"),
            AdminAddressPath = Text("--admin-address-path"),
            DisabledExtensions = Text("--disable-extensions").Split(',', StringSplitOptions.RemoveEmptyEntries),
            ShowVersion = _values.ContainsKey("--version"),
            ShowHelp = _values.ContainsKey("--help"),
        };
        if (!options.ShowVersion && !options.ShowHelp && options.ConfigPath.Length == 0 && options.ConfigYaml.Length == 0)
        {
            problems.Add("at least one of --config-path and --config-yaml is needed");
        }

        error = string.Join("; ", problems);
        return problems.Count == 0 ? options : null;
    }

    private string Text(string flag, string fallback = "") => _values.GetValueOrDefault(flag, fallback);

    private int Number(string flag, int fallback, int min, int max, List<string> problems)
    {
        if (!_values.TryGetValue(flag, out string? text))
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max)
        {
            return value;
        }

        problems.Add($"{flag} must be a number from {min} to {max}, not '{text}'");
        return fallback;
    }

    private T Choose<T>(string flag, List<string> problems, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        if (!_values.TryGetValue(flag, out string? text))
        {
            return choices[0].Value;
        }

        var names = new List<string>();
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }

            names.Add(name);
        }

        problems.Add($"{flag} must be one of {string.Join(", ", names)}, not '{text}'");
        return choices[0].Value;
    }

    private static string Level(string text, List<string> problems)
    {
        if (text is "trace" or "debug" or "info" or "warning" or "warn" or "error" or "critical" or "off")
        {
            return text;
        }

        problems.Add($"--log-level must be one of trace, debug, info, warning, error, critical, off, not '{text}'");
        return "info";
    }

    private List<KeyValuePair<string, string>> Components(List<string> problems)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (string pair in Text("--component-log-level").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split(':');
            if (parts.Length != 2 || parts[0].Length == 0)
            {
                problems.Add($"--component-log-level takes component:level pairs, not '{pair}'");
                continue;
            }

            pairs.Add(new KeyValuePair<string, string>(parts[0], Level(parts[1], problems)));
        }

        return pairs;
    }
}
