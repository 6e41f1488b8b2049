using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Sidecar.Core.Time;
using Sidecar.Event;
using Sidecar.Network;
using Sidecar.Network.Addresses;
using Sidecar.Network.Listeners;
using Sidecar.Server.Admin;
using Sidecar.Server.Admin.Config;

namespace Sidecar.Server.Tests.Admin;

/// <summary>The admin behind a real listener and connection manager, on a dispatcher that plays main.</summary>
public sealed class AdminFilterTests : IDisposable
{
    private readonly AdminHarness _admin = new();
    private readonly Dispatcher _main;
    private readonly Thread _thread;
    private readonly HttpClient _http;
    private int _port;

    public AdminFilterTests()
    {
        _main = new Dispatcher("main", RealTimeSource.Instance, _admin.Sheet);
        using var started = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            Worker[] workers = [new Worker(0, 1, _main, seed: 1)];
            var listeners = new ListenerManager(_main, workers, _admin.Store, new ListenerManagerOptions());
            Assert.Null(listeners.AddOrUpdate(AdminListener.CreateModel(_admin.Handlers, Documents.Ip("127.0.0.1", 0), _admin.Store)));
            (_, Address bound) = listeners.Active.Single();
            _port = bound.Port;
            started.Set();
            _main.Run(RunType.RunUntilExit);
        });
        _thread.Start();
        Assert.True(started.Wait(TimeSpan.FromSeconds(10)));
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = TimeSpan.FromSeconds(10) };
    }

    public void Dispose()
    {
        _http.Dispose();
        _main.Exit();
        Assert.True(_thread.Join(TimeSpan.FromSeconds(10)));
        _main.Dispose();
    }

    [Fact]
    public async Task Request_OverHttp1_IsAnswered()
    {
        using HttpResponseMessage response = await _http.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; charset=UTF-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.CacheControl is { NoCache: true, MaxAge: { Ticks: 0 } });
        Assert.Equal("nosniff", response.Headers.GetValues("x-content-type-options").Single());
        Assert.Equal("LIVE\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_OverHttp2_IsAnswered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ready")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await _http.SendAsync(request);
        Assert.Equal("LIVE\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Form_Posted_IsRead()
    {
        using var form = new StringContent("graceful=on", Encoding.ASCII, "application/x-www-form-urlencoded");
        using HttpResponseMessage response = await _http.PostAsync("/drain_listeners", form);
        Assert.Equal("OK\n", await response.Content.ReadAsStringAsync());
        Assert.Equal([new ListenerDrain(false, true, false).ToString()], _admin.Server.Calls);
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        using var body = new ByteArrayContent(new byte[AdminRequest.MaxBodyBytes + 1]);
        using HttpResponseMessage response = await _http.PostAsync("/quitquitquit", body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(_admin.Server.Calls);
    }

    /// <summary>A client that stops reading stops the dump: what is made ahead is what the buffers on the way hold.</summary>
    [Fact]
    public async Task Dump_LargerThanAllBuffers_WaitsForTheClient()
    {
        byte[] cluster = Documents.Encode("envoy.config.cluster.v3.Cluster", "{name: c, alt_stat_name: " + new string('x', 40_000) + "}");
        const int count = 1500;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var done = new TaskCompletionSource();
        _main.Post(() =>
        {
            for (int i = 0; i < count; i++)
            {
                _admin.Config.SetActive(ConfigKind.Cluster, $"c{i}", "1", cluster);
            }

            done.SetResult();
        });
        await done.Task.WaitAsync(timeout.Token);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        await socket.SendAsync("GET /config_dump HTTP/1.1\r\nhost: a\r\n\r\n"u8.ToArray());
        var buffer = new byte[64 * 1024];
        long read = await socket.ReceiveAsync(buffer, timeout.Token);
        // Main is free while the client dawdles.
        using HttpResponseMessage ready = await _http.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.InRange(await OutstandingSlabBytes(), 1, 8 * 1024 * 1024);
        string tail = string.Empty;
        while (!tail.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            int n = await socket.ReceiveAsync(buffer, timeout.Token);
            Assert.NotEqual(0, n);
            read += n;
            string text = tail + Encoding.ASCII.GetString(buffer, 0, n);
            tail = text[Math.Max(0, text.Length - 16)..];
        }

        Assert.InRange(read, count * 40_000L, count * 42_000L);
    }

    private Task<long> OutstandingSlabBytes()
    {
        var result = new TaskCompletionSource<long>();
        _main.Post(() => result.SetResult((long)_main.Memory.Slabs.Outstanding * _main.Memory.Slabs.SlabBytes));
        return result.Task;
    }
}
