using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;

namespace Sidecar.Http.Codec;

/// <summary>
/// The server side of one HTTP connection, bytes in and events out. HTTP/1 and HTTP/2 implement it. Never throws for what a peer did:
/// a broken connection is returned, a broken stream is told to its receiver. Thread: the worker.
/// </summary>
public abstract class ServerCodec
{
    public abstract HttpProtocol Protocol { get; }

    /// <summary>Streams whose exchange is not complete in both directions.</summary>
    public abstract int ActiveStreams { get; }

    /// <summary>
    /// The connection takes no request after those under way: the client asked for it (<c>connection: close</c>, HTTP/1.0), a shutdown
    /// notice was answered, or a response ended before its request. The owner closes it once no stream is active.
    /// </summary>
    public abstract bool WantsClose { get; }

    /// <summary>
    /// Takes everything in <paramref name="data"/> (what it cannot use yet it buffers, within its limits).
    /// Not null: the peer broke the protocol, the codec has written what the RFC asks for (GOAWAY) and is dead; the caller answers open
    /// HTTP/1 requests, flushes and closes.
    /// </summary>
    public abstract ErrorDetail? OnData(in Slice data);

    /// <summary>
    /// Goes on with input that was held back; the owner calls it from its dispatcher after <see cref="ServerCodecOwner.OnInputHeld"/>,
    /// never from within an event. The result is that of <see cref="OnData"/>.
    /// </summary>
    public virtual ErrorDetail? Resume() => null;

    /// <summary>The peer has sent its FIN.</summary>
    public abstract void OnEndOfStream();

    /// <summary>
    /// Asks the peer to stop opening streams while those under way (and those in flight) go on: HTTP/2 sends GOAWAY with the largest
    /// id, HTTP/1 answers the next response with <c>connection: close</c>.
    /// </summary>
    public abstract void ShutdownNotice();

    /// <summary>No more streams: HTTP/2 sends the final GOAWAY. Those under way may finish.</summary>
    public abstract void GoAway();

    /// <summary>The connection's write buffer is over its high watermark (true) or has drained (false): tells every open stream.</summary>
    public abstract void OnTransportWatermark(bool above);

    /// <summary>The connection is gone: every open stream's receiver gets <c>OnReset</c> with the reason; all memory is returned.</summary>
    public abstract void OnConnectionClosed(StreamResetReason reason);
}

/// <summary>What a server codec tells its owner, the connection manager. Thread: the worker.</summary>
public abstract class ServerCodecOwner
{
    /// <summary>A request begins: the receiver of its events. Never null; the codec then fills its map.</summary>
    public abstract StreamReceiver OnNewStream(StreamSender responseSender);

    /// <summary>The peer sent GOAWAY (HTTP/2).</summary>
    public abstract void OnGoAway();

    /// <summary>
    /// A stream is complete in both directions or reset, and the codec has recycled it; the owner may close a drained connection now, and
    /// must when <see cref="ServerCodec.WantsClose"/>.
    /// </summary>
    public abstract void OnStreamClosed();

    /// <summary>
    /// The codec holds input (HTTP/1: the next pipelined request) that it may parse now, outside of any <c>OnData</c>: call
    /// <see cref="ServerCodec.Resume"/> in this iteration, not from within this call. May come more than once.
    /// </summary>
    public abstract void OnInputHeld();
}
