using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Network.Addresses;
using Sidecar.Testing.Codec;
using Sidecar.Upstream.Clusters;
using Sidecar.Upstream.Hosts;
using Sidecar.Upstream.Pools;
using Sidecar.Upstream.Stats;

namespace Sidecar.Upstream.Tests.Pools;

/// <summary>A cluster of one host that listens on loopback, seen from the first worker.</summary>
internal sealed class PoolHarness : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _peers = [];

    public PoolHarness(Func<ClusterModel, ClusterModel>? change = null, bool listens = true)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (listens)
        {
            _listener.Listen(16);
        }

        var address = Address.FromIp(IPAddress.Loopback, ((IPEndPoint)_listener.LocalEndPoint!).Port);
        var model = new ClusterModel
        {
            Name = "c",
            AddedViaApi = true,
            LoadAssignment = TestHosts.ByPriority([new HostModel { Address = address }]),
        };
        Fixture.Manager.AddOrUpdate(change?.Invoke(model) ?? model);
        State = Fixture.Get("c")!;
        Pool = State.PoolOf(State.ChooseHost(default)!, ResourcePriority.Default, HttpProtocol.Http11)!;
        Fixture.StartWorkers();
    }

    public ClusterFixture Fixture { get; } = new();

    public ClusterWorkerState State { get; }

    public ConnectionPool Pool { get; }

    public long Stat(ClusterTrafficStat stat) => State.Traffic.Get((int)stat);

    /// <summary>Asks for a stream and, once it is there, sends a GET on it.</summary>
    public PoolRequest Get()
    {
        var request = new PoolRequest();
        request.Pending = Pool.NewStream(request, request.Response);
        return request;
    }

    /// <summary>The peer of the next connection.</summary>
    public Socket Accept()
    {
        Socket peer = _listener.Accept();
        peer.ReceiveTimeout = 20_000;
        _peers.Add(peer);
        return peer;
    }

    /// <summary>Runs the worker until the peer has received something, and returns it.</summary>
    public string Receive(Socket peer)
    {
        Fixture.RunWorkerUntil(() => peer.Available > 0);
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, peer.Receive(buffer));
    }

    /// <summary>Answers a request and runs the worker until it is complete.</summary>
    public void Respond(Socket peer, PoolRequest request, string head = "content-length: 0")
    {
        peer.Send(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{head}\r\n\r\n"));
        Fixture.RunWorkerUntil(() => request.Response.Complete);
    }

    public void Dispose()
    {
        Pool.CloseAll();
        Fixture.Settle();
        _listener.Dispose();
        foreach (Socket peer in _peers)
        {
            peer.Dispose();
        }

        Fixture.Dispose();
    }
}

/// <summary>One request to a pool and what became of it.</summary>
internal sealed class PoolRequest : PoolStreamCallbacks
{
    public RecordingReceiver Response { get; } = new();

    public PendingStream? Pending { get; set; }

    public PooledConnection? Connection { get; private set; }

    public PoolFailureReason Failure { get; private set; }

    public override void OnPoolReady(StreamSender sender, PooledConnection connection)
    {
        Connection = connection;
        var headers = new HeaderMap();
        headers.Add(HeaderId.Method, "GET"u8);
        headers.Add(HeaderId.Scheme, "http"u8);
        headers.Add(HeaderId.Authority, "c"u8);
        headers.Add(HeaderId.Path, "/"u8);
        sender.EncodeHeaders(headers, endStream: true);
    }

    public override void OnPoolFailure(PoolFailureReason reason, HostWorkerState host, string? transportFailure) => Failure = reason;
}
