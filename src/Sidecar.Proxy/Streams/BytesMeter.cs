namespace Sidecar.Proxy.Streams;

/// <summary>Bytes of one side of an exchange, as Envoy's bytes meter counts them.</summary>
public struct BytesMeter
{
    /// <summary>On the wire: framing, headers and bodies; without TLS.</summary>
    public long WireBytesSent;

    public long WireBytesReceived;

    /// <summary>Headers and trailers as encoded.</summary>
    public long HeaderBytesSent;

    public long HeaderBytesReceived;
}
