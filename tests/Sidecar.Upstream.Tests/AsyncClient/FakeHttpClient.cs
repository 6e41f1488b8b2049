using System;
using System.Collections.Generic;
using Sidecar.Core.Buffers;
using Sidecar.Core.Stats;
using Sidecar.Event;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Testing.Time;
using Sidecar.Upstream.AsyncClient;

namespace Sidecar.Upstream.Tests.AsyncClient;

/// <summary>Streams without a network: the test plays the pool and the server.</summary>
internal sealed class FakeHttpClient : AsyncHttpClient, IDisposable
{
    public FakeHttpClient() => Dispatcher = new Dispatcher("main_thread", Time, new StatSheet("main"));

    public SimulatedTimeSource Time { get; } = new();

    public Dispatcher Dispatcher { get; }

    public bool IsReachable { get; set; } = true;

    public List<string> Clusters { get; } = [];

    public FakeSender Sender { get; } = new();

    public AsyncHttpStream? Stream { get; private set; }

    public override AsyncHttpStream? Start(string cluster, AsyncStreamCallbacks callbacks, long timeoutMs = 0)
    {
        Clusters.Add(cluster);
        return Stream = IsReachable ? new AsyncHttpStream(Dispatcher, callbacks, timeoutMs) : null;
    }

    /// <summary>The pool has a connection.</summary>
    public void Connect() => Stream!.PoolCallbacks.OnPoolReady(Sender, null!);

    /// <summary>The server's head: pairs of name and value.</summary>
    public void RespondHeaders(int status, bool endStream, params (string Name, string Value)[] headers)
    {
        HeaderMap map = Stream!.Receiver.HeadersToFill;
        map.Clear();
        map.Add(HeaderId.Status, status);
        Fill(map, headers);
        Stream.Receiver.OnHeaders(endStream);
    }

    public void RespondData(ReadOnlySpan<byte> bytes, bool endStream = false)
    {
        Slab slab = Dispatcher.Memory.ReceiveSlabs.Rent();
        int offset = 0;
        do
        {
            int n = Math.Min(bytes.Length - offset, slab.Size);
            bytes.Slice(offset, n).CopyTo(slab.Span);
            offset += n;
            Stream!.Receiver.OnData(new Slice(slab, 0, n), endStream && offset == bytes.Length);
        }
        while (offset < bytes.Length);
        slab.Release();
    }

    public void RespondTrailers(params (string Name, string Value)[] trailers)
    {
        HeaderMap map = Stream!.Receiver.TrailersToFill;
        map.Clear();
        Fill(map, trailers);
        Stream.Receiver.OnTrailers();
    }

    public void ResetByPeer(StreamResetReason reason) => Stream!.Receiver.OnReset(reason, null);

    public void Run() => Dispatcher.Run(RunType.NonBlock);

    public void Dispose() => Dispatcher.Dispose();

    private static void Fill(HeaderMap map, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            map.Add(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.UTF8.GetBytes(value));
        }
    }
}
