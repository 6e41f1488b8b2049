using System;

namespace Sidecar.Xds.Streams;

/// <summary>
/// One bidirectional stream to a control plane: whole messages in both directions. The seam between the subscription machines and
/// gRPC; tests put a script behind it. Thread: main.
/// </summary>
public abstract class XdsStream
{
    /// <summary>Sends one message; before the stream is established it waits. The bytes are the stream's from here on.</summary>
    public abstract void Send(ReadOnlyMemory<byte> message);

    /// <summary>Ends the stream in both directions. The handler is not told, and is not called again.</summary>
    public abstract void Reset();
}

/// <summary>Told what happens on an <see cref="XdsStream"/>. Thread: main.</summary>
public abstract class XdsStreamHandler
{
    /// <summary>A message arrived, reassembled; the bytes may be kept.</summary>
    public abstract void OnMessage(ReadOnlyMemory<byte> message);

    /// <summary>The stream ended, or could not be established. Nothing follows.</summary>
    /// <param name="grpcStatus">The gRPC status code; 14 (UNAVAILABLE) when the connection failed.</param>
    /// <param name="message">The peer's words, not to be trusted.</param>
    public abstract void OnClosed(int grpcStatus, string message);
}

/// <summary>Opens streams to one control plane and method. Thread: main.</summary>
public abstract class XdsStreamFactory
{
    /// <summary>Where the streams lead, for the log: a cluster's name.</summary>
    public abstract string Destination { get; }

    /// <summary>
    /// Opens a stream; its events come from the event loop, not from inside this call. Null when there is nobody to connect to (an unknown
    /// cluster, no healthy host): the caller tries again later.
    /// </summary>
    public abstract XdsStream? Connect(XdsStreamHandler handler);
}
