using System;
using System.Net;
using Sidecar.ControlPlane.Sessions;

namespace Sidecar.ControlPlane.Options;

/// <summary>The command line. Immutable.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>What `--help` prints.</summary>
    public const string Usage = """
        sidecar-control-plane: serves the xDS resources in a folder to proxies, and again whenever a file in it changes.

          --folder PATH             the folder of *.yaml, *.yml and *.json files (required)
          --listen ADDRESS:PORT     where to listen, port 0 for any free one (default 127.0.0.1:18000)
          --node-id-filter PATTERN  serve only nodes whose id matches, * stands for any text (default *)
          --allow-invalid           serve resources that break the API's validate rules too, to see a proxy reject them
          --check                   read the folder, say what is wrong, and exit: 0 if nothing is
          --help                    this text
        """;

    /// <summary>The folder of resource files.</summary>
    public string Folder { get; private init; } = "";

    /// <summary>Where to listen.</summary>
    public IPEndPoint Listen { get; private init; } = new(IPAddress.Loopback, 18000);

    /// <summary>To whom.</summary>
    public NodeFilter Nodes { get; private init; } = NodeFilter.All;

    /// <summary>True to serve what breaks the validate rules.</summary>
    public bool AllowsInvalid { get; private init; }

    /// <summary>True to read and check only.</summary>
    public bool IsCheckOnly { get; private init; }

    /// <summary>True if the usage was asked for.</summary>
    public bool IsHelp { get; private init; }

    /// <summary>Reads the command line: the options, or null and what is wrong.</summary>
    public static ControlPlaneOptions? Parse(ReadOnlySpan<string> args, out string error)
    {
        ControlPlaneOptions options = new();
        error = "";
        for (int i = 0; i < args.Length; i++)
        {
            (string flag, string? value) = Split(args[i]);
            if (flag is "--folder" or "--listen" or "--node-id-filter" && value is null)
            {
                if (i + 1 == args.Length)
                {
                    error = $"{flag} needs a value";
                    return null;
                }

                value = args[++i];
            }

            ControlPlaneOptions? next = With(options, flag, value, out error);
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        error = options.Folder.Length == 0 && !options.IsHelp ? "--folder is required" : "";
        return error.Length == 0 ? options : null;
    }

    private static (string Flag, string? Value) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static ControlPlaneOptions? With(ControlPlaneOptions options, string flag, string? value, out string error)
    {
        error = "";
        switch (flag, value)
        {
            case ("--folder", not null):
                return options with { Folder = value };
            case ("--node-id-filter", not null):
                return options with { Nodes = new NodeFilter(value) };
            case ("--listen", not null) when TryParseAddress(value, out IPEndPoint? listen):
                return options with { Listen = listen! };
            case ("--listen", _):
                error = $"--listen: `{value}` is not an address and port, such as 127.0.0.1:18000";
                return null;
            case ("--allow-invalid", null):
                return options with { AllowsInvalid = true };
            case ("--check", null):
                return options with { IsCheckOnly = true };
            case ("--help" or "-h", null):
                return options with { IsHelp = true };
            default:
                error = $"unknown option {flag}{(value is null ? "" : "=" + value)}";
                return null;
        }
    }

    private static bool TryParseAddress(string text, out IPEndPoint? address)
    {
        string numeric = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text;
        bool hasPort = numeric.LastIndexOf(':') > numeric.LastIndexOf(']') && (numeric.StartsWith('[') || numeric.Split(':').Length == 2);
        return IPEndPoint.TryParse(numeric, out address) && hasPort;
    }
}
