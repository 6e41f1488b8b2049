using System;
using Sidecar.Core.Buffers;
using Sidecar.Network.Connections;

namespace Sidecar.Network.TransportSockets;

/// <summary>
/// What lies between the wire and a connection's bytes: nothing (raw) or TLS. It is fed completions: bytes that arrived, bytes to
/// send; it never touches the descriptor. Thread: the worker.
/// </summary>
public abstract class TransportSocket
{
    /// <summary>The negotiated application protocol (ALPN); empty when there is none.</summary>
    public abstract ReadOnlySpan<byte> ApplicationProtocol { get; }

    /// <summary>Why the transport failed, for <c>%UPSTREAM_TRANSPORT_FAILURE_REASON%</c>; null when it did not.</summary>
    public abstract string? FailureReason { get; }

    /// <summary>True when the connection's write buffer is the socket's output itself: nothing to transform.</summary>
    public abstract bool IsPassThrough { get; }

    /// <summary>The connection below is established: handshake, then <see cref="Connection.OnTransportReady"/>.</summary>
    public abstract void OnConnected(Connection connection);

    /// <summary>Bytes from the wire, lent; plain ones go to <see cref="Connection.OnPlaintext"/>.</summary>
    public abstract void OnReceived(Connection connection, in Slice wire);

    /// <summary>The wire's FIN; a clean end goes to <see cref="Connection.OnPlaintextEnd"/>.</summary>
    public abstract void OnReceivedEnd(Connection connection);

    /// <summary>Moves what waits in <paramref name="plaintext"/> to <paramref name="wire"/>; not called when pass-through.</summary>
    public abstract void Encrypt(BufferChain plaintext, BufferChain wire);

    /// <summary>The connection is closing: last bytes (close_notify) may be appended to <paramref name="wire"/>; native memory is freed.</summary>
    public abstract void OnClosing(BufferChain wire);
}

/// <summary>A configured transport socket. Immutable; thread: any.</summary>
public abstract class TransportSocketFactory
{
    /// <summary>The extension's name, e.g. <c>envoy.transport_sockets.raw_buffer</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True when peers are authenticated or bytes encrypted: decides <c>x-forwarded-proto</c> and <c>:scheme</c>.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>The transport socket of a new connection, on its worker.</summary>
    public abstract TransportSocket Create();
}
