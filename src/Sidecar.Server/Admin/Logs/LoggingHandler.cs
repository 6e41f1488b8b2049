using System.Collections.Generic;
using Sidecar.Core.Logging;

namespace Sidecar.Server.Admin.Logs;

/// <summary><c>/logging</c>: lists the loggers' levels and changes them. Thread: main.</summary>
public sealed class LoggingHandler() : AdminHandler("/logging", "query/change logging levels")
{
    public override bool MutatesState => true;

    public override IReadOnlyList<AdminParameter> Parameters { get; } =
    [
        AdminParameter.Text("paths", "change several loggers, as in name1:level1,name2:level2"),
        AdminParameter.Choice("level", "change all loggers", ["", .. LogLevels.Names]),
    ];

    public override void Handle(AdminRequest request, AdminResponse response)
    {
        // The forms of the home page send empty parameters along.
        List<KeyValuePair<string, string>> changes = [.. request.Query.Parameters];
        changes.RemoveAll(static p => p.Value.Length == 0 && p.Key is "level" or "paths");
        if (changes.Count > 0 && Change(changes) is { } error)
        {
            response.Fail(400, $"error: {error}\n\n{Usage}");
        }

        response.Write("active loggers:\n");
        foreach (Logger logger in Loggers.All)
        {
            response.Write($"  {logger.Name}: {logger.Level.Name()}\n");
        }

        response.Write("\n");
    }

    private static string Usage =>
        "usage: /logging?<name>=<level> (one logger)\n"
        + "usage: /logging?paths=name1:level1,name2:level2,... (several loggers)\n"
        + "usage: /logging?level=<level> (all loggers)\n"
        + $"levels: {string.Join(' ', LogLevels.Names)}\n\n";

    private static string? Change(List<KeyValuePair<string, string>> changes)
    {
        if (changes.Count > 1)
        {
            return "invalid number of parameters";
        }

        (string key, string value) = changes[0];
        if (key == "paths")
        {
            return Loggers.TrySetLevels(value, out string? error) ? null : error;
        }

        if (!LogLevels.TryParse(value, out LogLevel level))
        {
            return $"unknown logger level '{value}'";
        }

        if (key == "level")
        {
            Loggers.SetAll(level);
            return null;
        }

        if (!Loggers.TryGet(key, out Logger? logger))
        {
            return $"unknown logger name '{key}'";
        }

        logger!.Level = level;
        return null;
    }
}
