using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;

namespace Sidecar.Testing.Peers;

/// <summary>
/// A script of tests/conformance/node: commands and events are JSON lines. The packages are restored by the first test that needs them.
/// One thread waits at a time.
/// </summary>
public sealed class NodePeer : IAsyncDisposable
{
    private static readonly string s_folder = RepositoryFolder.PathOf("tests", "conformance", "node");
    private static readonly Lazy<Task> s_packages = new(RestoreAsync);

    private readonly PeerProcess _process;

    private NodePeer(PeerProcess process) => _process = process;

    /// <summary>The port of the "listening" event, 0 for a script without one.</summary>
    public int Port { get; private set; }

    /// <summary>Starts a script that is a client.</summary>
    public static async Task<NodePeer> StartClientAsync(string script, params IEnumerable<string> arguments)
    {
        await s_packages.Value;
        return new NodePeer(new PeerProcess("node", [Path.Combine(s_folder, script), .. arguments]));
    }

    /// <summary>Starts a script that is a server, and waits until it listens.</summary>
    public static async Task<NodePeer> StartServerAsync(string script, params IEnumerable<string> arguments)
    {
        NodePeer peer = await StartClientAsync(script, arguments);
        JsonElement listening = await peer.WaitForAsync("listening");
        peer.Port = listening.GetProperty("port").GetInt32();
        return peer;
    }

    /// <summary>Sends a command.</summary>
    public Task SendAsync(string json) => _process.SendAsync(json.ReplaceLineEndings(" "));

    /// <summary>The next event of that name, and for which <paramref name="isIt"/> holds; others before it are passed over.</summary>
    public async Task<JsonElement> WaitForAsync(string name, Predicate<JsonElement>? isIt = null)
    {
        JsonElement found = default;
        await _process.WaitForLineAsync(line =>
        {
            if (!line.StartsWith('{'))
            {
                return false;
            }

            using JsonDocument document = JsonDocument.Parse(line);
            found = document.RootElement.Clone();
            return found.TryGetProperty("event", out JsonElement given) && given.GetString() == name && (isIt is null || isIt(found));
        });
        return found;
    }

    /// <summary>Waits for the script's own end.</summary>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>`npm ci` unless it was done; test projects run side by side, so one at a time.</summary>
    private static async Task RestoreAsync()
    {
        string marker = Path.Combine(s_folder, "node_modules", ".package-lock.json");
        FileStream turn = await TakeTurnAsync(Path.Combine(Path.GetTempPath(), "sidecar-conformance-npm.lock"));
        await using (turn)
        {
            if (File.Exists(marker))
            {
                return;
            }

            string[] arguments = ["--prefix", s_folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
            await using PeerProcess npm = new("npm", arguments);
            if (await npm.WaitForExitAsync() != 0)
            {
                throw new InvalidOperationException("npm ci failed in " + s_folder);
            }
        }
    }

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }
}
