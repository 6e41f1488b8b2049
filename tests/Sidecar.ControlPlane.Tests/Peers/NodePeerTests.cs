using System.Text.Json;
using System.Threading.Tasks;
using Sidecar.Testing.Peers;

namespace Sidecar.ControlPlane.Tests.Peers;

/// <summary>The Node scripts against each other: a conformance test that fails should not be the script's fault.</summary>
public sealed class NodePeerTests
{
    private const string ClusterWithExtension = """
        {"cmd":"set","type":"clusters","version":"1","resources":[{"name":"a","connect_timeout":"1.5s","lb_policy":"RANDOM",
        "typed_extension_protocol_options":{"envoy.extensions.upstreams.http.v3.HttpProtocolOptions":
        {"@type":"type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config":{"http2_protocol_options":{"max_concurrent_streams":7}}}}}]}
        """;

    [Theory]
    [InlineData("sotw")]
    [InlineData("delta")]
    public async Task ControlPlane_SetThenNack_SendsTheResourceAndPrintsTheError(string kind)
    {
        await using NodePeer server = await NodePeer.StartServerAsync("control-plane.mjs");
        await server.SendAsync(ClusterWithExtension);
        await server.WaitForAsync("done");
        await using NodePeer client = await StartClientAsync(server, kind);

        await client.SendAsync("""{"cmd":"send","request":{"type_url":"clusters","node":{"id":"n1"}}}""");
        JsonElement response = await client.WaitForAsync("response");
        Assert.Equal(1, response.GetProperty("resources").GetInt32());
        string nonce = response.GetProperty("nonce").GetString()!;
        string nack = $$"""{"type_url":"clusters","response_nonce":"{{nonce}}","error_detail":{"code":3,"message":"no"} }""";
        await client.SendAsync($$"""{"cmd":"send","request":{{nack}} }""");

        JsonElement request = await server.WaitForAsync("request", static e => e.GetProperty("error").ValueKind == JsonValueKind.Object);
        Assert.Equal("clusters", request.GetProperty("type").GetString());
        Assert.Equal(nonce, request.GetProperty("nonce").GetString());
        Assert.Equal("no", request.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task ControlPlane_UnknownField_IsAnError()
    {
        await using NodePeer server = await NodePeer.StartServerAsync("control-plane.mjs");

        await server.SendAsync("""{"cmd":"set","type":"clusters","version":"1","resources":[{"nmae":"a"}]}""");

        JsonElement error = await server.WaitForAsync("error");
        Assert.Contains("no field \"nmae\"", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task ControlPlane_Close_EndsTheStreamWithTheStatus()
    {
        await using NodePeer server = await NodePeer.StartServerAsync("control-plane.mjs");
        await using NodePeer client = await StartClientAsync(server, "delta");
        await client.SendAsync("""{"cmd":"send","request":{"type_url":"clusters"}}""");
        await server.WaitForAsync("request");

        await server.SendAsync("""{"cmd":"close","code":14,"message":"bye"}""");

        JsonElement status = await client.WaitForAsync("status");
        Assert.Equal(14, status.GetProperty("code").GetInt32());
        Assert.Equal("bye", status.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("unary", 1)]
    [InlineData("server", 3)]
    [InlineData("client", 1)]
    [InlineData("bidi", 3)]
    public async Task Echo_EachKindOfCall_AnswersAndEndsWithOk(string method, int responses)
    {
        await using NodePeer server = await NodePeer.StartServerAsync("grpc-echo-server.mjs");
        await using NodePeer client = await NodePeer.StartClientAsync(
            "grpc-client.mjs", "--target", $"127.0.0.1:{server.Port}", "--method", method, "--count", "3");

        for (int i = 0; i < responses; i++)
        {
            await client.WaitForAsync("response");
        }

        Assert.Equal(0, (await client.WaitForAsync("status")).GetProperty("code").GetInt32());
        Assert.Equal(0, await client.WaitForExitAsync());
    }

    [Fact]
    public async Task Echo_StatusAskedFor_IsTheCallsStatus()
    {
        await using NodePeer server = await NodePeer.StartServerAsync("grpc-echo-server.mjs");
        await using NodePeer client = await NodePeer.StartClientAsync(
            "grpc-client.mjs", "--target", $"127.0.0.1:{server.Port}", "--method", "bidi", "--status", "9");

        JsonElement status = await client.WaitForAsync("status");
        Assert.Equal(9, status.GetProperty("code").GetInt32());
        Assert.Equal(1, await client.WaitForExitAsync());
    }

    private static Task<NodePeer> StartClientAsync(NodePeer server, string kind) =>
        NodePeer.StartClientAsync("ads-client.mjs", "--target", $"127.0.0.1:{server.Port}", "--kind", kind);
}
