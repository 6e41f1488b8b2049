using System;
using Sidecar.Core.Buffers;
using Sidecar.Network.Connections;

namespace Sidecar.Network.TransportSockets;

/// <summary>No transformation; one object serves every connection. Thread: any.</summary>
public sealed class RawBufferSocket : TransportSocket
{
    public static readonly RawBufferSocket Instance = new();

    private RawBufferSocket()
    {
    }

    public override ReadOnlySpan<byte> ApplicationProtocol => default;

    public override string? FailureReason => null;

    public override bool IsPassThrough => true;

    public override void OnConnected(Connection connection) => connection.OnTransportReady();

    public override void OnReceived(Connection connection, in Slice wire) => connection.OnPlaintext(in wire);

    public override void OnReceivedEnd(Connection connection) => connection.OnPlaintextEnd();

    public override void Encrypt(BufferChain plaintext, BufferChain wire) => wire.Move(plaintext);

    public override void OnClosing(BufferChain wire)
    {
    }
}

/// <summary><c>envoy.transport_sockets.raw_buffer</c>.</summary>
public sealed class RawBufferSocketFactory : TransportSocketFactory
{
    public static readonly RawBufferSocketFactory Instance = new();

    private RawBufferSocketFactory()
    {
    }

    public override string Name => "envoy.transport_sockets.raw_buffer";

    public override bool IsSecure => false;

    public override TransportSocket Create() => RawBufferSocket.Instance;
}
