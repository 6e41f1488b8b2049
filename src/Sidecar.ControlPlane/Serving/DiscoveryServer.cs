using System;
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
using Microsoft.Extensions.Hosting;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Sessions;

namespace Sidecar.ControlPlane.Serving;

/// <summary>
/// The xDS server: HTTP/2 without TLS on Kestrel, the discovery methods on it. Ctrl-C and SIGTERM end the streams with UNAVAILABLE, so
/// that clients reconnect to whoever comes next.
/// </summary>
public sealed class DiscoveryServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SnapshotStore _store;
    private readonly NodeFilter _nodes;
    private readonly Action<string> _print;
    private int _streams;

    /// <summary>Builds a server that is not listening yet.</summary>
    /// <param name="listen">Where to listen; port 0 for any free one.</param>
    /// <param name="store">What is served.</param>
    /// <param name="nodes">To whom.</param>
    /// <param name="print">Takes lines for the user; called on any thread.</param>
    public DiscoveryServer(IPEndPoint listen, SnapshotStore store, NodeFilter nodes, Action<string> print)
    {
        _store = store;
        _nodes = nodes;
        _print = print;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, listen));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    /// <summary>The address of the listening socket, once <see cref="StartAsync"/> has returned.</summary>
    public Uri Address
    {
        get
        {
            IServerAddressesFeature? addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
            foreach (string address in addresses?.Addresses ?? [])
            {
                return new Uri(address);
            }

            throw new InvalidOperationException("the server is not listening");
        }
    }

    /// <summary>Opens the listening socket.</summary>
    public Task StartAsync(CancellationToken cancellation = default) => _app.StartAsync(cancellation);

    /// <summary>Returns when a signal has asked the process to end and the streams are closed.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Ends the streams and closes the socket.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint listen)
    {
        kestrel.AddServerHeader = false;
        // A discovery stream lives for days and may be silent for hours.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        kestrel.Listen(listen, static socket => socket.Protocols = HttpProtocols.Http2);
    }

    private async Task ServeAsync(HttpContext context)
    {
        int refusal = GrpcCall.Check(context.Request);
        if (refusal != StatusCodes.Status200OK)
        {
            context.Response.StatusCode = refusal;
            return;
        }

        if (DiscoveryMethods.Find(context.Request.Path.Value ?? "") is not { } method)
        {
            GrpcCall.Refuse(context.Response, new GrpcStatus(GrpcStatusCode.Unimplemented, $"no method {context.Request.Path.Value}"));
            return;
        }

        StreamJournal journal = new(Interlocked.Increment(ref _streams), _print);
        journal.OnOpen($"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}", method.Name);
        DiscoveryStream stream = new(new GrpcCall(context), method.Open(journal, _nodes), _store);
        journal.OnClose(await stream.RunAsync(context.RequestAborted, _app.Lifetime.ApplicationStopping).ConfigureAwait(false));
    }
}
