using System;
using System.Collections.Generic;

namespace Sidecar.Core.Logging;

/// <summary>
/// The component loggers, by Envoy's names. Those that Sidecar does not write to exist all the same: <c>--component-log-level</c> and
/// <c>/logging</c> accept every name that Envoy knows.
/// </summary>
public static class Loggers
{
    private static readonly SortedDictionary<string, Logger> s_byName = new(StringComparer.Ordinal);

    public static readonly Logger Admin = Create("admin");
    public static readonly Logger Assert = Create("assert");
    public static readonly Logger Client = Create("client");
    public static readonly Logger Config = Create("config");
    public static readonly Logger Connection = Create("connection");
    public static readonly Logger ConnHandler = Create("conn_handler");
    public static readonly Logger Dns = Create("dns");
    public static readonly Logger ExtAuthz = Create("ext_authz");
    public static readonly Logger File = Create("file");
    public static readonly Logger Filter = Create("filter");
    public static readonly Logger Grpc = Create("grpc");
    public static readonly Logger HealthChecker = Create("health_checker");
    public static readonly Logger Hc = Create("hc");
    public static readonly Logger Http = Create("http");
    public static readonly Logger Http2 = Create("http2");
    public static readonly Logger Init = Create("init");
    public static readonly Logger Io = Create("io");
    public static readonly Logger Jwt = Create("jwt");
    public static readonly Logger Main = Create("main");
    public static readonly Logger Matcher = Create("matcher");
    public static readonly Logger Misc = Create("misc");
    public static readonly Logger Pool = Create("pool");
    public static readonly Logger Rbac = Create("rbac");
    public static readonly Logger Rds = Create("rds");
    public static readonly Logger Router = Create("router");
    public static readonly Logger Runtime = Create("runtime");
    public static readonly Logger Secret = Create("secret");
    public static readonly Logger Stats = Create("stats");
    public static readonly Logger Tracing = Create("tracing");
    public static readonly Logger Upstream = Create("upstream");

    static Loggers()
    {
        ReadOnlySpan<string> others =
        [
            "alternate_protocols_cache", "aws", "backtrace", "basic_auth", "cache_filter", "credential_injector", "decompression", "dubbo",
            "dynamic_modules", "envoy_bug", "ext_proc", "forward_proxy", "geolocation", "golang", "happy_eyeballs", "hystrix", "kafka",
            "key_value_store", "lua", "mongo", "multi_connection", "oauth2", "quic", "quic_stream", "rate_limit_quota", "redis",
            "rocketmq", "tap", "testing", "thrift", "udp", "wasm", "websocket",
        ];
        foreach (string name in others)
        {
            s_byName.TryAdd(name, new Logger(name));
        }
    }

    /// <summary>All loggers, sorted by name. Thread: main.</summary>
    public static IReadOnlyCollection<Logger> All => s_byName.Values;

    public static bool TryGet(string name, out Logger? logger) => s_byName.TryGetValue(name, out logger);

    /// <summary>Sets every component's level. Thread: main.</summary>
    public static void SetAll(LogLevel level)
    {
        foreach (Logger logger in s_byName.Values)
        {
            logger.Level = level;
        }
    }

    /// <summary>
    /// Applies <c>--component-log-level</c>'s and <c>/logging?paths=</c>'s list, e.g. <c>upstream:debug,connection:trace</c>; all of it or,
    /// with <paramref name="error"/> saying why, none. Thread: main.
    /// </summary>
    public static bool TrySetLevels(string list, out string? error)
    {
        var changes = new List<(Logger Logger, LogLevel Level)>();
        foreach (string part in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = part.IndexOf(':');
            if (colon <= 0)
            {
                error = $"component log level not correctly specified '{part}'; expected name:level";
                return false;
            }

            if (!LogLevels.TryParse(part.AsSpan(colon + 1), out LogLevel level))
            {
                error = $"invalid log level '{part[(colon + 1)..]}' for '{part[..colon]}'; levels: {string.Join(' ', LogLevels.Names)}";
                return false;
            }

            if (!TryGet(part[..colon], out Logger? logger))
            {
                error = $"invalid component '{part[..colon]}'";
                return false;
            }

            changes.Add((logger!, level));
        }

        foreach ((Logger logger, LogLevel level) in changes)
        {
            logger.Level = level;
        }

        error = null;
        return true;
    }

    private static Logger Create(string name)
    {
        var logger = new Logger(name);
        s_byName.Add(name, logger);
        return logger;
    }
}
