using System;
using System.Buffers;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;
using Sidecar.Network;
using Sidecar.Proxy.Filters;

namespace Sidecar.Server.Admin;

/// <summary>
/// The only filter of the admin listener: gathers a request, has it answered, sends the answer as fast as the client takes it. Pooled
/// with its stream. Thread: main, which serves the admin listener as a worker serves the others.
/// </summary>
public sealed class AdminFilter : TerminalHttpFilter
{
    private readonly AdminHandlers _handlers;
    private readonly ResponsePump _pump;
    private readonly ArrayBufferWriter<byte> _body = new();
    private bool _isAnswered;

    internal AdminFilter(AdminHandlers handlers, Worker worker)
    {
        _handlers = handlers;
        _pump = new ResponsePump(new Sink(this), worker.Dispatcher.Memory.Slabs);
    }

    public override FilterHeadersStatus DecodeHeaders(HeaderMap headers, bool endStream)
    {
        if (endStream)
        {
            Answer();
        }

        return FilterHeadersStatus.StopIteration;
    }

    public override void DecodeData(in Slice data, bool endStream)
    {
        if (TryGather(data.Span) && endStream)
        {
            Answer();
        }
    }

    public override void DecodeBody(BufferChain data, bool endStream)
    {
        bool isGathered = true;
        for (int i = 0; i < data.SliceCount && isGathered; i++)
        {
            isGathered = TryGather(data.SliceAt(i).Span);
        }

        data.Clear();
        if (isGathered && endStream)
        {
            Answer();
        }
    }

    public override FilterTrailersStatus DecodeTrailers(HeaderMap trailers)
    {
        Answer();
        return FilterTrailersStatus.StopIteration;
    }

    public override void OnDownstreamWatermark(bool above) => _pump.Pause(above);

    public override void OnDownstreamReset() => _pump.Reset();

    public override void OnDestroy()
    {
        _pump.Reset();
        _body.ResetWrittenCount();
        _isAnswered = false;
    }

    /// <summary>
    /// False when the request was answered already or is refused now: the answer may have ended the exchange and put this filter back to
    /// its first state, so the caller must not go on.
    /// </summary>
    private bool TryGather(ReadOnlySpan<byte> bytes)
    {
        if (_isAnswered)
        {
            return false;
        }

        if (_body.WrittenCount + bytes.Length > AdminRequest.MaxBodyBytes)
        {
            _isAnswered = true;
            _pump.StartError(413, $"The body of an admin request may be {AdminRequest.MaxBodyBytes} bytes long.\n");
            return false;
        }

        _body.Write(bytes);
        return true;
    }

    private void Answer()
    {
        if (_isAnswered)
        {
            return;
        }

        _isAnswered = true;
        HeaderMap headers = Stream.RequestHeaders;
        AdminRequest? request = AdminRequest.TryCreate(
            Encoding.UTF8.GetString(headers.Method),
            Encoding.UTF8.GetString(headers.Path),
            _body.WrittenMemory,
            Encoding.UTF8.GetString(headers.Get(HeaderId.ContentType)));
        if (request is null)
        {
            _pump.StartError(400, $"An admin request may have {AdminQuery.MaxParameters} parameters.\n");
        }
        else
        {
            _pump.Start(_handlers, request);
        }
    }

    private void SendHeaders(AdminResponse response, bool endStream)
    {
        HeaderMap headers = Stream.ResponseHeaders;
        headers.Add(HeaderId.Status, response.Status);
        headers.Add(HeaderId.ContentType, Encoding.UTF8.GetBytes(response.ContentType));
        headers.Add(HeaderId.CacheControl, "no-cache, max-age=0"u8);
        headers.Add("x-content-type-options"u8, "nosniff"u8);
        foreach ((string name, string value) in response.Headers)
        {
            headers.Add(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }

        Stream.EncodeHeaders(endStream);
    }

    private sealed class Sink(AdminFilter filter) : AdminSink
    {
        public override bool IsClosed => filter.Stream.IsFinished;

        public override void SendHeaders(AdminResponse response, bool endStream) => filter.SendHeaders(response, endStream);

        public override void SendData(BufferChain data, bool endStream) => filter.Stream.EncodeData(data, endStream);
    }
}
