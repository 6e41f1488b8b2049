using System;
using System.Collections.Generic;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Sidecar.Xds.Streams;

namespace Sidecar.Xds.Tests.Harness;

/// <summary>A control plane made of a test: records what is sent to it, says what the test says.</summary>
internal sealed class ScriptedServer : XdsStreamFactory
{
    public override string Destination => "xds_cluster";

    /// <summary>False: there is nobody to connect to.</summary>
    public bool IsReachable { get; set; } = true;

    public int Connects { get; private set; }

    public int Resets { get; private set; }

    public Session? Current { get; private set; }

    public List<byte[]> Requests { get; } = [];

    public override XdsStream? Connect(XdsStreamHandler handler)
    {
        Connects++;
        Current = IsReachable ? new Session(this, handler) : null;
        return Current;
    }

    public void Send(IMessage message) => Current!.Handler.OnMessage(message.ToByteArray());

    public void SendRaw(params byte[] bytes) => Current!.Handler.OnMessage(bytes);

    public void Close(int status = 14, string message = "gone")
    {
        Session session = Current!;
        Current = null;
        session.Handler.OnClosed(status, message);
    }

    /// <summary>The state-of-the-world requests since the last call.</summary>
    public List<DiscoveryRequest> TakeSotw() => Take(DiscoveryRequest.Parser);

    /// <summary>The incremental requests since the last call.</summary>
    public List<DeltaDiscoveryRequest> TakeDelta() => Take(DeltaDiscoveryRequest.Parser);

    private List<T> Take<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        List<T> taken = Requests.ConvertAll(bytes => parser.ParseFrom(bytes));
        Requests.Clear();
        return taken;
    }

    internal sealed class Session(ScriptedServer server, XdsStreamHandler handler) : XdsStream
    {
        public XdsStreamHandler Handler { get; } = handler;

        public override void Send(ReadOnlyMemory<byte> message)
        {
            Assert.Same(this, server.Current);
            server.Requests.Add(message.ToArray());
        }

        public override void Reset()
        {
            server.Resets++;
            server.Current = server.Current == this ? null : server.Current;
        }
    }
}
