using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Codec;

/// <summary>
/// What a codec tells the owner of one stream. A server codec's receiver is the connection manager's stream (a request arrives), a
/// client codec's is the router's upstream request (a response arrives): HTTP/1 and HTTP/2 share these events, not a base class.
/// Events of one message come in this order: informational*, headers, data*, trailers?; a reset may come at any point and is the
/// last. Once the inbound message has ended and the owner has encoded the end of its own (or reset the stream), the codec calls this
/// object no more, not even for a reset or a watermark while bytes still wait for flow control: the owner may already have reused it.
/// Thread: the worker.
/// </summary>
public abstract class StreamReceiver
{
    /// <summary>
    /// The map into which the codec decodes the message's headers, empty, before it calls <see cref="OnHeaders"/>; asked for again for
    /// each informational response. Owned by the receiver, which keeps it as long as it likes.
    /// </summary>
    public abstract HeaderMap HeadersToFill { get; }

    /// <summary>The same for trailers.</summary>
    public abstract HeaderMap TrailersToFill { get; }

    /// <summary>The head is in <see cref="HeadersToFill"/>; with <paramref name="endStream"/> there is no body.</summary>
    public abstract void OnHeaders(bool endStream);

    /// <summary>A 1xx response (never 101 in reply to an upgrade) is in <see cref="HeadersToFill"/>; clear the map before you return. Client side only.</summary>
    public virtual void OnInformationalHeaders()
    {
    }

    /// <summary>A piece of the body, lent for the call; empty only together with <paramref name="endStream"/>.</summary>
    public abstract void OnData(in Slice data, bool endStream);

    /// <summary>Trailers are in <see cref="TrailersToFill"/>; the message is complete.</summary>
    public abstract void OnTrailers();

    /// <summary>The stream is gone in both directions. <paramref name="detail"/> is set when the peer broke the protocol.</summary>
    public abstract void OnReset(StreamResetReason reason, ErrorDetail? detail);

    /// <summary>What was encoded towards the peer waits unsent above the limit: stop encoding more.</summary>
    public abstract void OnAboveWriteBufferHighWatermark();

    /// <summary>It has drained: go on.</summary>
    public abstract void OnBelowWriteBufferLowWatermark();
}
