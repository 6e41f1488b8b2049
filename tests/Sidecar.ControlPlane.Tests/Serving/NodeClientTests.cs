using System;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Sidecar.Testing.Peers;

namespace Sidecar.ControlPlane.Tests.Serving;

/// <summary>The real process, driven by a client on @grpc/grpc-js.</summary>
public sealed class NodeClientTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-xds-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Delta_ChangeNackAndShutdown_AreSeenByAnIndependentClient()
    {
        Write("clusters: [{name: a}, {name: b}]");
        (PeerProcess server, string target) = await StartAsync();
        await using (server)
        {
            await using NodePeer client = await NodePeer.StartClientAsync("ads-client.mjs", "--target", target, "--kind", "delta");
            await client.SendAsync("""{"cmd":"send","request":{"type_url":"clusters","node":{"id":"n1"}}}""");
            JsonElement all = await client.WaitForAsync("response");
            Assert.Equal("""["a","b"]""", all.GetProperty("names").GetRawText());
            await AnswerAsync(client, all, "null");
            await server.WaitForTextAsync("ACK node=\"n1\" type=clusters");

            Write("clusters: [{name: a, connect_timeout: 3s}]");
            JsonElement changed = await client.WaitForAsync("response");
            Assert.Equal("""["a"]""", changed.GetProperty("names").GetRawText());
            await AnswerAsync(client, changed, """{"code":3,"message":"not this"}""");
            string nack = await server.WaitForTextAsync("NACK node=\"n1\" type=clusters");
            Assert.EndsWith("error=\"not this\"", nack);
            JsonElement removed = await client.WaitForAsync("response");
            Assert.Equal("""["b"]""", removed.GetProperty("removed").GetRawText());

            server.Terminate();
            Assert.Equal(14, (await client.WaitForAsync("status")).GetProperty("code").GetInt32());
            Assert.Equal(0, await server.WaitForExitAsync());
        }
    }

    [Fact]
    public async Task StateOfTheWorld_BrokenFileThenGoodOne_SendsOnlyGoodContent()
    {
        Write("clusters: [{name: a}]");
        (PeerProcess server, string target) = await StartAsync();
        await using (server)
        {
            await using NodePeer client = await NodePeer.StartClientAsync("ads-client.mjs", "--target", target, "--kind", "sotw");
            await client.SendAsync("""{"cmd":"send","request":{"type_url":"clusters","node":{"id":"n1"}}}""");
            JsonElement first = await client.WaitForAsync("response");
            Assert.Equal(1, first.GetProperty("resources").GetInt32());

            Write("clusters: [{name: a}, {nmae: b}]");
            await server.WaitForTextAsync("clusters[1].nmae");
            await server.WaitForTextAsync("kept snapshot");
            Write("clusters: [{name: a}, {name: b}]");

            JsonElement second = await client.WaitForAsync("response");
            Assert.Equal(2, second.GetProperty("resources").GetInt32());
            await client.SendAsync("""{"cmd":"end"}""");
            Assert.Equal(0, (await client.WaitForAsync("status")).GetProperty("code").GetInt32());
        }
    }

    [Theory]
    [InlineData("--folder is required")]
    [InlineData("is not a folder", "--folder", "no-such-folder")]
    [InlineData("unknown option --nonsense", "--nonsense")]
    public async Task Start_WrongCommandLine_SaysWhyAndExitsWith1(string expected, params string[] arguments)
    {
        await using PeerProcess server = Start(arguments);

        await server.WaitForTextAsync(expected);
        Assert.Equal(1, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoAndExitsWith1()
    {
        (PeerProcess first, string target) = await StartAsync();
        await using (first)
        {
            await using PeerProcess second = Start("--folder", _folder.FullName, "--listen", target);

            await second.WaitForTextAsync("--listen: ");
            Assert.Equal(1, await second.WaitForExitAsync());
        }
    }

    private static Task AnswerAsync(NodePeer client, JsonElement response, string error)
    {
        string nonce = response.GetProperty("nonce").GetString()!;
        string more = error == "null" ? "" : $",\"error_detail\":{error}";
        string request = $$"""{"type_url":"clusters","response_nonce":"{{nonce}}"{{more}} }""";
        return client.SendAsync($$"""{"cmd":"send","request":{{request}} }""");
    }

    private static PeerProcess Start(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "sidecar-control-plane.dll"), .. arguments]);

    private async Task<(PeerProcess Server, string Target)> StartAsync()
    {
        PeerProcess server = Start("--folder", _folder.FullName, "--listen", "127.0.0.1:0");
        string line = await server.WaitForTextAsync("listening on ");
        return (server, line["listening on ".Length..]);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder.FullName, "resources.yaml"), text);
}
