using System;

namespace Sidecar.Core.Logging;

/// <summary>Envoy's log levels, in its order.</summary>
public enum LogLevel : byte
{
    Trace = 0,
    Debug = 1,
    Info = 2,
    Warning = 3,
    Error = 4,
    Critical = 5,
    Off = 6,
}

/// <summary>The levels' names on the command line, in the admin and in log lines. Thread: any.</summary>
public static class LogLevels
{
    private static readonly string[] s_names = ["trace", "debug", "info", "warning", "error", "critical", "off"];

    /// <summary>All names, in order.</summary>
    public static ReadOnlySpan<string> Names => s_names;

    /// <summary>E.g. <c>warning</c>.</summary>
    public static string Name(this LogLevel level) => s_names[(int)level];

    /// <summary>The level of a name; <c>warn</c> and <c>err</c> are accepted as spdlog does.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out LogLevel level)
    {
        for (int i = 0; i < s_names.Length; i++)
        {
            if (name.SequenceEqual(s_names[i]))
            {
                level = (LogLevel)i;
                return true;
            }
        }

        level = name is "warn" ? LogLevel.Warning : LogLevel.Error;
        return name is "warn" or "err";
    }
}
