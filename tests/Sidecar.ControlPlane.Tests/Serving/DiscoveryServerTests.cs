using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Serving;
using Sidecar.ControlPlane.Sessions;
using Sidecar.ControlPlane.Tests.Resources;

namespace Sidecar.ControlPlane.Tests.Serving;

/// <summary>The server in this process, over real HTTP/2, with requests that are cut off or wrong.</summary>
public sealed class DiscoveryServerTests : IAsyncLifetime
{
    private const string Ads = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

    private readonly SnapshotStore _store = new();
    private readonly DiscoveryServer _server;
    private readonly HttpClient _client = new();

    public DiscoveryServerTests() =>
        _server = new DiscoveryServer(new IPEndPoint(IPAddress.Loopback, 0), _store, NodeFilter.All, static _ => { });

    public Task InitializeAsync()
    {
        _store.Publish(SnapshotBuilderTests.Build("clusters: [{name: a}, {name: b}]"));
        return _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Call_OneRequestThenEnd_GetsTheResourcesAndOk()
    {
        byte[] request = Frame(new DiscoveryRequest { TypeUrl = ResourceType.FindByKey("clusters")!.TypeUrl }.ToByteArray());

        HttpResponseMessage response = await PostAsync(Ads, request);

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("application/grpc", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(2, DiscoveryResponse.Parser.ParseFrom(body.AsSpan(5)).Resources.Count);
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, "8")]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, "12")]
    [InlineData(new byte[] { 7, 0, 0, 0, 0 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 9, 1 }, "13")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 255, 255 }, "3")]
    [InlineData(new byte[] { 0, 0, 0, 0, 0 }, "3")]
    public async Task Call_BadMessage_EndsWithAStatusAndReason(byte[] body, string status)
    {
        HttpResponseMessage response = await PostAsync(Ads, body);

        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(status, response.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.NotEmpty(response.TrailingHeaders.GetValues("grpc-message").Single());
    }

    [Fact]
    public async Task Call_UnknownMethod_IsUnimplemented()
    {
        HttpResponseMessage response = await PostAsync("/some.Service/Method", []);

        Assert.Equal("12", response.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("POST", "application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("GET", "application/grpc", HttpStatusCode.MethodNotAllowed)]
    public async Task Request_NotGrpc_IsRefused(string method, string contentType, HttpStatusCode expected)
    {
        HttpResponseMessage response = await SendAsync(new HttpMethod(method), Ads, [], contentType);

        Assert.Equal(expected, response.StatusCode);
    }

    private static byte[] Frame(byte[] message) => [0, 0, 0, 0, (byte)message.Length, .. message];

    private Task<HttpResponseMessage> PostAsync(string path, byte[] body) => SendAsync(HttpMethod.Post, path, body, "application/grpc");

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[] body, string contentType)
    {
        HttpRequestMessage request = new(method, new Uri(_server.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
