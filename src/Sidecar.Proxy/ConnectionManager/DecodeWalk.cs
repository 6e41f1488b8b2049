using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Filters;
using Sidecar.Proxy.Errors;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>The request's way through the filters to the terminal one.</summary>
internal sealed class DecodeWalk(HttpStream stream, HttpFilter[] filters, TerminalHttpFilter terminal, SlabPool slabs) : FilterWalk(filters, slabs)
{
    protected override bool IsAborted => stream.IsDecodeAborted;

    protected override FilterHeadersStatus CallHeaders(HttpFilter filter, HeaderMap headers, bool endStream) =>
        filter.DecodeHeaders(headers, endStream);

    protected override FilterDataStatus CallData(HttpFilter filter, BufferChain data, bool endStream) => filter.DecodeData(data, endStream);

    protected override FilterTrailersStatus CallTrailers(HttpFilter filter, HeaderMap trailers) => filter.DecodeTrailers(trailers);

    protected override void SinkHeaders(HeaderMap headers, bool endStream)
    {
        EndReachedSink = endStream;
        terminal.DecodeHeaders(headers, endStream);
    }

    protected override void SinkData(in Slice data, bool endStream)
    {
        EndReachedSink = endStream;
        terminal.DecodeData(in data, endStream);
    }

    protected override void SinkBody(BufferChain data, bool endStream)
    {
        EndReachedSink = endStream;
        terminal.DecodeBody(data, endStream);
    }

    protected override void SinkTrailers(HeaderMap trailers)
    {
        EndReachedSink = true;
        terminal.DecodeTrailers(trailers);
    }

    protected override void OnOverflow()
    {
        stream.Stats.Increment((int)HttpStat.DownstreamRqTooLarge);
        stream.SendLocalReply(ProxyErrors.RequestPayloadTooLarge);
    }

    protected override void PauseSource(bool pause) => stream.ReadDisable(pause);
}
