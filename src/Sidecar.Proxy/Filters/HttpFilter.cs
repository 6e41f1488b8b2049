using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Proxy.ConnectionManager;

namespace Sidecar.Proxy.Filters;

/// <summary>
/// A filter of one stream: it sees the request on its way up (decode) and the response on its way down (encode). Made once with the
/// pooled stream that it belongs to and used again for the next request: <see cref="OnDestroy"/> puts it back to its first state.
/// Thread: the worker.
/// </summary>
public abstract class HttpFilter
{
    /// <summary>Its stream: headers, route, stream info, local replies, continuation. Set once.</summary>
    public HttpStream Stream { get; private set; } = null!;

    /// <summary>Index in the chain; decode goes up, encode goes down.</summary>
    internal int Index { get; private set; }

    /// <summary>True for filters that look at body bytes; others never cost a body its zero-copy path.</summary>
    public virtual bool ObservesBody => false;

    public virtual FilterHeadersStatus DecodeHeaders(HeaderMap headers, bool endStream) => FilterHeadersStatus.Continue;

    /// <summary>Body bytes, owned by the chain; the filter may change them. Only when <see cref="ObservesBody"/>.</summary>
    public virtual FilterDataStatus DecodeData(BufferChain data, bool endStream) => FilterDataStatus.Continue;

    public virtual FilterTrailersStatus DecodeTrailers(HeaderMap trailers) => FilterTrailersStatus.Continue;

    /// <summary>The request is complete and every filter has seen its end.</summary>
    public virtual void OnDecodeComplete()
    {
    }

    /// <summary>A 1xx response passes.</summary>
    public virtual void EncodeInformationalHeaders(HeaderMap headers)
    {
    }

    public virtual FilterHeadersStatus EncodeHeaders(HeaderMap headers, bool endStream) => FilterHeadersStatus.Continue;

    /// <inheritdoc cref="DecodeData"/>
    public virtual FilterDataStatus EncodeData(BufferChain data, bool endStream) => FilterDataStatus.Continue;

    public virtual FilterTrailersStatus EncodeTrailers(HeaderMap trailers) => FilterTrailersStatus.Continue;

    /// <summary>The exchange is over; the access log is about to be written.</summary>
    public virtual void OnStreamComplete()
    {
    }

    /// <summary>The stream is going away, perhaps in the middle: cancel what is under way and reset for the next request.</summary>
    public virtual void OnDestroy()
    {
    }

    internal void Join(HttpStream stream, int index)
    {
        Stream = stream;
        Index = index;
        OnJoined();
    }

    /// <summary><see cref="Stream"/> is known; once in the filter's life.</summary>
    protected virtual void OnJoined()
    {
    }
}

/// <summary>
/// The last filter of the chain: consumes the request and produces the response. It takes bodies by slice as well, so that a request
/// nobody inspects is relayed without being gathered. Thread: the worker.
/// </summary>
public abstract class TerminalHttpFilter : HttpFilter
{
    public sealed override bool ObservesBody => false;

    /// <summary>A piece of the request's body, lent for the call.</summary>
    public abstract void DecodeData(in Slice data, bool endStream);

    /// <summary>Body that other filters had gathered: moved out of the chain.</summary>
    public abstract void DecodeBody(BufferChain data, bool endStream);

    /// <summary>The response waits unsent above the limit (true) or has drained (false).</summary>
    public abstract void OnDownstreamWatermark(bool above);

    /// <summary>The downstream half is gone (reset, connection closed): stop what is under way.</summary>
    public abstract void OnDownstreamReset();
}

/// <summary>What one kind of filter shares on one worker within one filter chain. Thread: its worker.</summary>
public abstract class HttpFilterWorkerState
{
    public abstract HttpFilter CreateFilter();
}

/// <summary>A configured filter: immutable, shared by all workers. Thread: any.</summary>
public abstract class HttpFilterFactory
{
    /// <summary>The name in the configuration, by which per-route configuration finds it.</summary>
    public abstract string Name { get; }

    /// <summary>True for the router and others that end the chain.</summary>
    public virtual bool IsTerminal => false;

    /// <summary>Called once a worker and connection manager, on that worker.</summary>
    public abstract HttpFilterWorkerState CreateWorkerState(HttpFilterContext context);
}
