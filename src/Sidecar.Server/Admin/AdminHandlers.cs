using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Config.Schema;
using Sidecar.Core.Logging;
using Sidecar.Server.Admin.Clusters;
using Sidecar.Server.Admin.Config;
using Sidecar.Server.Admin.Lifecycle;
using Sidecar.Server.Admin.Listeners;
using Sidecar.Server.Admin.Logs;
using Sidecar.Server.Admin.Pages;
using Sidecar.Server.Admin.Stats;

namespace Sidecar.Server.Admin;

/// <summary>All handlers by path, and what is answered when none fits. Filled at start; thread: main.</summary>
public sealed class AdminHandlers
{
    private readonly SortedDictionary<string, AdminHandler> _byPath = new(StringComparer.Ordinal);

    /// <summary>Sorted by path.</summary>
    public IReadOnlyCollection<AdminHandler> All => _byPath.Values;

    /// <summary>The handlers of a server.</summary>
    public static AdminHandlers Create(AdminSources sources)
    {
        var handlers = new AdminHandlers();
        ReadOnlySpan<AdminHandler> all =
        [
            new HomeHandler(handlers),
            new HelpHandler(handlers),
            new CertsHandler(),
            new ClustersHandler(sources.Clusters, sources.Stats.Store),
            new ConfigDumpHandler(sources.Config, sources.Clusters),
            new ConfigHistoryHandler(sources.Config),
            new UnsupportedConfigHandler(sources.Config, SupportedFields.Embedded),
            new ContentionHandler(),
            new CpuProfilerHandler(),
            new DrainListenersHandler(sources.Server),
            new FailHealthCheckHandler(sources.Server),
            new PassHealthCheckHandler(sources.Server),
            new HotRestartVersionHandler(sources.Server),
            new InitDumpHandler(sources.Init),
            new ListenersHandler(sources.Listeners),
            new LoggingHandler(),
            new MemoryHandler(),
            new QuitHandler(sources.Server),
            new ReadyHandler(sources.Server),
            new ReopenLogsHandler(sources.Server),
            new ResetCountersHandler(sources.Stats),
            new RuntimeHandler(sources.Runtime),
            new RuntimeModifyHandler(sources.Runtime),
            new ServerInfoHandler(sources.Server),
            new StatsHandler(sources.Stats),
            new PrometheusHandler(sources.Stats),
        ];
        foreach (AdminHandler handler in all)
        {
            handlers.Add(handler);
        }

        return handlers;
    }

    /// <summary>Adds a handler; a path is taken once.</summary>
    public void Add(AdminHandler handler) => _byPath.Add(handler.Path, handler);

    /// <summary>Answers a request.</summary>
    public void Handle(AdminRequest request, AdminResponse response)
    {
        if (!_byPath.TryGetValue(request.Path, out AdminHandler? handler))
        {
            response.Fail(404, "invalid path. " + HelpText());
        }
        else if (handler.MutatesState && request.Method != "POST")
        {
            Loggers.Admin.Error($"admin path \"{handler.Path}\" changes state: it takes POST, not {request.Method}");
            response.AddHeader("allow", "POST");
            response.Fail(405, $"Method {request.Method} not allowed, POST required.");
        }
        else
        {
            handler.Handle(request, response);
        }
    }

    /// <summary>The list that <c>/help</c> prints.</summary>
    public string HelpText()
    {
        var text = new StringBuilder("admin commands are:\n");
        foreach (AdminHandler handler in _byPath.Values)
        {
            string method = handler.MutatesState ? " (POST)" : "";
            text.Append("  ").Append(handler.Path).Append(method).Append(": ").Append(handler.Help).Append('\n');
            foreach (AdminParameter parameter in handler.Parameters)
            {
                text.Append("      ").Append(parameter.Name).Append(": ").Append(parameter.Help);
                if (parameter.Choices.Count > 0)
                {
                    text.Append("; One of (").AppendJoin(", ", parameter.Choices).Append(')');
                }

                text.Append('\n');
            }
        }

        return text.ToString();
    }
}
