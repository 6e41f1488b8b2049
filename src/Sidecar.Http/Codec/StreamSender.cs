using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Codec;

/// <summary>
/// What the owner of one stream tells its codec: the other half of <see cref="StreamReceiver"/>. A server codec's sender encodes the
/// response, a client codec's the request. Valid until both messages have ended or the stream was reset; then the codec recycles it,
/// and the owner must have dropped it. Thread: the worker.
/// </summary>
public abstract class StreamSender
{
    /// <summary>Identity within the connection for logs: HTTP/2 stream id, HTTP/1 request number.</summary>
    public abstract uint StreamId { get; }

    /// <summary>Bytes encoded but not yet taken by the connection (HTTP/2: held back by flow control).</summary>
    public abstract long BufferedBytes { get; }

    /// <summary>
    /// Encodes the head. The map must hold valid pseudo headers for its direction; hop-by-hop headers are the caller's to remove,
    /// framing headers (transfer-encoding, content-length agreement) the codec's to write.
    /// </summary>
    public abstract void EncodeHeaders(HeaderMap headers, bool endStream);

    /// <summary>Encodes a 1xx response (server side only).</summary>
    public abstract void EncodeInformationalHeaders(HeaderMap headers);

    /// <summary>Encodes a piece of the body; the codec copies or retains it.</summary>
    public abstract void EncodeData(in Slice data, bool endStream);

    /// <summary>Encodes buffered body bytes; moves everything out of the chain.</summary>
    public abstract void EncodeData(BufferChain data, bool endStream);

    /// <summary>Encodes trailers and ends the message. HTTP/1 drops them unless trailers are enabled and the body is chunked.</summary>
    public abstract void EncodeTrailers(HeaderMap trailers);

    /// <summary>Ends the stream now in both directions. The receiver is not told.</summary>
    public abstract void Reset(StreamResetReason reason);

    /// <summary>
    /// Counted: each true needs a false. While positive the peer is not given more room to send the body (HTTP/1 stops reading the
    /// socket, HTTP/2 holds WINDOW_UPDATE back).
    /// </summary>
    public abstract void ReadDisable(bool disable);

    /// <summary>Limits for <see cref="StreamReceiver.OnAboveWriteBufferHighWatermark"/>, in bytes.</summary>
    public abstract void SetWriteBufferLimit(int bytes);
}
