using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Sidecar.ControlPlane.Grpc;
using Sidecar.ControlPlane.Resources;
using Sidecar.ControlPlane.Sessions;

namespace Sidecar.ControlPlane.Serving;

/// <summary>Joins a session to its call and to the store: one loop a stream, so a session needs no locks.</summary>
internal sealed class DiscoveryStream(GrpcCall call, DiscoverySession session, SnapshotStore store)
{
    /// <summary>Runs until the client ends the stream, it breaks, or the server stops. Returns why, for the journal.</summary>
    internal async Task<string> RunAsync(CancellationToken aborted, CancellationToken stopping)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        try
        {
            await call.StartAsync(ended.Token).ConfigureAwait(false);
            GrpcStatus status = await ServeAsync(ended.Token).ConfigureAwait(false);
            await call.FinishAsync(status).ConfigureAwait(false);
            return status.IsOk ? "by the client" : $"{status.Code}: {StreamJournal.Quote(status.Message)}";
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            if (aborted.IsCancellationRequested || !stopping.IsCancellationRequested)
            {
                return "reset by the client";
            }

            await call.FinishAsync(new GrpcStatus(GrpcStatusCode.Unavailable, "the control plane is stopping")).ConfigureAwait(false);
            return "the control plane is stopping";
        }
    }

    private async Task<GrpcStatus> ServeAsync(CancellationToken cancellation)
    {
        Task<byte[]?> read = call.ReadAsync(cancellation);
        Task changed = Task.CompletedTask;
        Snapshot? seen = null;
        while (true)
        {
            if (changed.IsCompleted)
            {
                (Snapshot? current, changed) = store.Watch();
                if (current is not null && !ReferenceEquals(current, seen))
                {
                    seen = current;
                    session.OnSnapshot(current);
                }
            }

            if (read.IsCompleted)
            {
                byte[]? message = await read.ConfigureAwait(false);
                GrpcStatus status = message is null ? call.ReadStatus : session.OnMessage(message);
                if (message is null || !status.IsOk)
                {
                    return status;
                }

                read = call.ReadAsync(cancellation);
            }

            while (session.Outbox.TryDequeue(out byte[]? response))
            {
                await call.WriteAsync(response, cancellation).ConfigureAwait(false);
            }

            await Task.WhenAny(read, changed).ConfigureAwait(false);
        }
    }
}
