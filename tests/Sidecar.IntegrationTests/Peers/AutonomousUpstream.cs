using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sidecar.IntegrationTests.Peers;

/// <summary>
/// An upstream service on Kestrel, an HTTP stack that is not ours. Request headers drive it: <c>x-status</c>, <c>x-delay-ms</c>,
/// <c>x-size</c> (body bytes), <c>x-reset</c> (abort the connection), <c>x-trailer</c>, <c>x-fail-times</c> (503 for the first n requests
/// of an <c>x-key</c>). It answers with what it saw in <c>x-saw-*</c> headers and echoes a body.
/// </summary>
public sealed class AutonomousUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _attempts = new();
    private int _requests;

    private AutonomousUpstream(WebApplication app, string name)
    {
        _app = app;
        Name = name;
    }

    public string Name { get; }

    public int Port { get; private set; }

    /// <summary>Requests that have reached it.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts on a free loopback port.</summary>
    public static async Task<AutonomousUpstream> StartAsync(string name = "up", bool http2 = false, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinResponseDataRate = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        var upstream = new AutonomousUpstream(app, name);
        app.Run(upstream.AnswerAsync);
        await app.StartAsync();
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        upstream.Port = new Uri(address).Port;
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (Number(request, "x-delay-ms") is { } delay)
        {
            await Task.Delay(delay, context.RequestAborted);
        }

        if (request.Headers.ContainsKey("x-reset"))
        {
            context.Abort();
            return;
        }

        response.StatusCode = Number(request, "x-status") ?? 200;
        if (Number(request, "x-fail-times") is { } failures)
        {
            int attempt = _attempts.AddOrUpdate(request.Headers["x-key"].ToString(), 1, static (_, n) => n + 1);
            response.StatusCode = attempt <= failures ? 503 : 200;
        }

        response.Headers["x-upstream"] = Name;
        response.Headers["x-saw-path"] = request.Path + request.QueryString;
        response.Headers["x-saw-method"] = request.Method;
        response.Headers["x-saw-protocol"] = request.Protocol;
        foreach (var header in request.Headers)
        {
            if (header.Key.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || header.Key is "Host" or "Via" or "User-Agent" or "TE")
            {
                response.Headers["x-saw-" + header.Key.ToLowerInvariant()] = header.Value;
            }
        }

        if (request.Headers.TryGetValue("x-trailer", out var trailer))
        {
            response.AppendTrailer("x-echo-trailer", trailer);
        }

        if (Number(request, "x-size") is { } size)
        {
            await WriteAsync(response, size);
        }
        else
        {
            await request.Body.CopyToAsync(response.Body);
        }
    }

    private static async Task WriteAsync(HttpResponse response, int size)
    {
        var block = new byte[16 * 1024];
        Array.Fill(block, (byte)'x');
        while (size > 0)
        {
            int n = Math.Min(size, block.Length);
            await response.Body.WriteAsync(block.AsMemory(0, n));
            size -= n;
        }
    }

    private static int? Number(HttpRequest request, string header) =>
        request.Headers.TryGetValue(header, out var value) && int.TryParse(value.ToString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out int n)
            ? n
            : null;
}
