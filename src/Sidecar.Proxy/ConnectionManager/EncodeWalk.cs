using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Filters;
using Sidecar.Proxy.Errors;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>The response's way through the filters, last one first, to the codec.</summary>
internal sealed class EncodeWalk(HttpStream stream, HttpFilter[] reversedFilters, SlabPool slabs) : FilterWalk(reversedFilters, slabs)
{
    protected override bool IsAborted => stream.IsFinished;

    protected override FilterHeadersStatus CallHeaders(HttpFilter filter, HeaderMap headers, bool endStream) =>
        filter.EncodeHeaders(headers, endStream);

    protected override FilterDataStatus CallData(HttpFilter filter, BufferChain data, bool endStream) => filter.EncodeData(data, endStream);

    protected override FilterTrailersStatus CallTrailers(HttpFilter filter, HeaderMap trailers) => filter.EncodeTrailers(trailers);

    protected override void SinkHeaders(HeaderMap headers, bool endStream)
    {
        EndReachedSink = endStream;
        stream.FinishHeaders(headers, endStream);
    }

    protected override void SinkData(in Slice data, bool endStream)
    {
        EndReachedSink = endStream;
        stream.FinishData(in data, endStream);
    }

    protected override void SinkBody(BufferChain data, bool endStream)
    {
        EndReachedSink = endStream;
        stream.FinishBody(data, endStream);
    }

    protected override void SinkTrailers(HeaderMap trailers)
    {
        EndReachedSink = true;
        stream.FinishTrailers(trailers);
    }

    protected override void OnOverflow()
    {
        stream.Stats.Increment((int)HttpStat.RsTooLarge);
        stream.SendLocalReply(ProxyErrors.ResponsePayloadTooLarge);
    }

    /// <summary>The router stops reading from upstream as if the client were slow.</summary>
    protected override void PauseSource(bool pause)
    {
        if (pause)
        {
            stream.OnAboveWriteBufferHighWatermark();
        }
        else
        {
            stream.OnBelowWriteBufferLowWatermark();
        }
    }
}
