using System;
using System.IO;
using System.Threading.Tasks;
using Sidecar.ControlPlane.Options;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Serving;

namespace Sidecar.ControlPlane;

/// <summary>The entry point: exit code 0 when ended by a signal, 1 for a wrong command line, folder or port.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        ControlPlaneOptions? options = ControlPlaneOptions.Parse(args, out string error);
        if (options is null)
        {
            await Console.Error.WriteLineAsync($"{error}\n\n{ControlPlaneOptions.Usage}").ConfigureAwait(false);
            return 1;
        }

        if (options.IsHelp)
        {
            Console.WriteLine(ControlPlaneOptions.Usage);
            return 0;
        }

        if (!Directory.Exists(options.Folder))
        {
            await Console.Error.WriteLineAsync($"--folder: {options.Folder} is not a folder").ConfigureAwait(false);
            return 1;
        }

        return await RunAsync(options).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ControlPlaneOptions options)
    {
        SnapshotStore store = new();
        using FolderSource source = new(options.Folder, options.AllowsInvalid, store, Console.WriteLine);
        bool isGood = source.Reload();
        if (options.IsCheckOnly)
        {
            return isGood ? 0 : 1;
        }

        DiscoveryServer server = new(options.Listen, store, options.Nodes, Console.WriteLine);
        await using (server.ConfigureAwait(false))
        {
            try
            {
                await server.StartAsync().ConfigureAwait(false);
            }
            catch (IOException busy)
            {
                await Console.Error.WriteLineAsync($"--listen: {busy.Message}").ConfigureAwait(false);
                return 1;
            }

            Console.WriteLine($"listening on {server.Address.Host}:{server.Address.Port}");
            await server.WaitForShutdownAsync().ConfigureAwait(false);
        }

        return 0;
    }
}
