using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Upstream.AsyncClient;

/// <summary>
/// Told what comes back on a request of our own: headers, data*, trailers?, or a reset at any point, which is the last. Called from the
/// event loop, never from inside a call to the stream. Thread: main.
/// </summary>
public abstract class AsyncStreamCallbacks
{
    /// <summary>The response's head, lent for the call.</summary>
    public abstract void OnHeaders(HeaderMap headers, bool endStream);

    /// <summary>A piece of the body, lent for the call.</summary>
    public abstract void OnData(in Slice data, bool endStream);

    /// <summary>Trailers, lent for the call; the response is complete.</summary>
    public abstract void OnTrailers(HeaderMap trailers);

    /// <summary>The stream is gone, or there was never one.</summary>
    /// <param name="reason">What kind of end.</param>
    /// <param name="detail">In words, for a log; empty when the reason says it all.</param>
    public abstract void OnReset(StreamResetReason reason, string detail);
}
