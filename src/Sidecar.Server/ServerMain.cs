using System;
using System.Collections.Generic;
using System.IO;
using Sidecar.Config.Bootstrap;
using Sidecar.Config.Tree;
using Sidecar.Core.Logging;
using Sidecar.Server.Options;

namespace Sidecar.Server;

/// <summary>What the executable does: command line, bootstrap, then the server until it is told to stop. Thread: main.</summary>
public static class ServerMain
{
    private const int Failure = 1;

    /// <summary>The process's exit code: 0 after an orderly end, 1 when the command line or the bootstrap is wrong.</summary>
    public static int Run(ReadOnlySpan<string> args)
    {
        ServerOptions? options = CommandLine.TryParse(args, out IReadOnlyList<string> ignored, out string error);
        if (options is null)
        {
            Console.Error.WriteLine($"error: {error}");
            Console.Error.WriteLine("sidecar --help lists the arguments");
            return Failure;
        }

        if (options.ShowVersion)
        {
            Console.Out.WriteLine($"sidecar  version: {BuildInfo.Version}");
            return 0;
        }

        if (options.ShowHelp)
        {
            Console.Out.Write(CommandLineHelp.Text);
            return 0;
        }

        if (!TryStartLogging(options))
        {
            return Failure;
        }

        foreach (string flag in ignored)
        {
            Loggers.Main.Info($"{flag} is accepted and has no effect");
        }

        int code = RunServer(options);
        LogPipeline.Current.Flush();
        return code;
    }

    private static int RunServer(ServerOptions options)
    {
        LoadedBootstrap bootstrap = BootstrapLoader.Load(options.ConfigPath, options.ConfigYaml, options.AllowUnknownStaticFields);
        foreach (ConfigError unknown in bootstrap.Errors.UnknownFields)
        {
            Loggers.Config.Warning($"unknown field: {unknown}");
        }

        if (bootstrap.Message is null)
        {
            Report(bootstrap.Errors);
            return Failure;
        }

        var errors = new ConfigErrors();
        using ServerInstance? server = ServerInstance.TryCreate(options, bootstrap, errors);
        if (server is null)
        {
            Report(errors);
            return Failure;
        }

        if (options.Mode == ServerMode.Validate)
        {
            Console.Out.WriteLine($"configuration '{options.ConfigPath}' OK");
            return 0;
        }

        return server.Run();
    }

    private static bool TryStartLogging(ServerOptions options)
    {
        try
        {
            LogPipeline.Start(
                options.LogFormat is null ? LogFormat.Default : LogFormat.Text(options.LogFormat),
                options.LogPath.Length == 0 ? null : options.LogPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: --log-path '{options.LogPath}': {e.Message}");
            return false;
        }

        if (LogLevels.TryParse(options.LogLevel, out LogLevel level))
        {
            Loggers.SetAll(level);
        }

        foreach (KeyValuePair<string, string> pair in options.ComponentLogLevels)
        {
            if (!Loggers.TrySetLevels($"{pair.Key}:{pair.Value}", out string? problem))
            {
                Console.Error.WriteLine($"error: --component-log-level: {problem}");
                return false;
            }
        }

        return true;
    }

    private static void Report(ConfigErrors errors)
    {
        foreach (ConfigError error in errors.Errors)
        {
            Loggers.Main.Critical($"error initializing configuration: {error}");
        }
    }
}
