using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;

namespace Sidecar.Http.Codec;

/// <summary>The client side of one HTTP connection; see <see cref="ServerCodec"/>. Owned by a pooled connection. Thread: the worker.</summary>
public abstract class ClientCodec
{
    public abstract HttpProtocol Protocol { get; }

    public abstract int ActiveStreams { get; }

    /// <summary>How many streams the peer lets us have open at once: 1 for HTTP/1, SETTINGS_MAX_CONCURRENT_STREAMS for HTTP/2.</summary>
    public abstract uint MaxConcurrentStreams { get; }

    /// <summary>
    /// Opens a stream; its response goes to <paramref name="responseReceiver"/>. The caller has checked <see cref="ActiveStreams"/>
    /// against <see cref="MaxConcurrentStreams"/> and that no GOAWAY came.
    /// </summary>
    public abstract StreamSender NewStream(StreamReceiver responseReceiver);

    /// <inheritdoc cref="ServerCodec.OnData"/>
    public abstract ErrorDetail? OnData(in Slice data);

    /// <summary>The peer has sent its FIN: ends a body that is delimited by close (HTTP/1).</summary>
    public abstract void OnEndOfStream();

    /// <summary>The response under way is delimited by the connection's end: <see cref="OnEndOfStream"/> completes it (HTTP/1).</summary>
    public virtual bool ResponseEndsWithConnection => false;

    /// <summary>No new streams will be opened: HTTP/2 sends GOAWAY.</summary>
    public abstract void GoAway();

    /// <inheritdoc cref="ServerCodec.OnTransportWatermark"/>
    public abstract void OnTransportWatermark(bool above);

    /// <inheritdoc cref="ServerCodec.OnConnectionClosed"/>
    public abstract void OnConnectionClosed(StreamResetReason reason);
}

/// <summary>What a client codec tells its owner, the pooled connection. Thread: the worker.</summary>
public abstract class ClientCodecOwner
{
    /// <summary>
    /// A stream is complete in both directions or reset. <paramref name="connectionReusable"/> is false when the connection must take no
    /// further stream (HTTP/1: close, unfinished request, bytes after the response; HTTP/2: protocol error).
    /// </summary>
    public abstract void OnStreamClosed(bool connectionReusable);

    /// <summary>
    /// The peer sent GOAWAY: open no more streams; those above its last id have been reset with
    /// <see cref="StreamResetReason.RemoteRefusedStreamReset"/>.
    /// </summary>
    public abstract void OnGoAway();

    /// <summary>The peer's SETTINGS changed <see cref="ClientCodec.MaxConcurrentStreams"/>.</summary>
    public abstract void OnMaxConcurrentStreamsChanged();
}
