using System;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Upstream.AsyncClient;

namespace Sidecar.Upstream.Grpc;

/// <summary>
/// Told what happens on a <see cref="GrpcStream"/>; from the event loop, never from inside a call to it.
/// Thread: the stream's.
/// </summary>
public abstract class GrpcStreamCallbacks
{
    /// <summary>The server's headers; lent for the call. Not called for a response that is nothing but a status.</summary>
    public virtual void OnInitialMetadata(HeaderMap headers)
    {
    }

    /// <summary>A message; the bytes may be kept.</summary>
    public abstract void OnMessage(ReadOnlyMemory<byte> message);

    /// <summary>The call is over, well or not. The last event.</summary>
    /// <param name="status">The server's, or what a failure amounts to.</param>
    /// <param name="message">The server's words (not to be trusted), or ours.</param>
    public abstract void OnClosed(GrpcStatus status, string message);
}

/// <summary>One call: messages out, messages in, a status at the end. gRPC over HTTP/2. Thread: its client's.</summary>
public sealed class GrpcStream
{
    private readonly GrpcServiceModel _service;
    private readonly GrpcStreamCallbacks _callbacks;
    private readonly GrpcFrameReader _frames;
    private AsyncHttpStream? _http;
    private bool _sawHeaders;
    private bool _isClosed;

    internal GrpcStream(GrpcServiceModel service, GrpcStreamCallbacks callbacks)
    {
        _service = service;
        _callbacks = callbacks;
        _frames = new GrpcFrameReader(service.MaxMessageBytes);
        HttpCallbacks = new Listener(this);
    }

    internal AsyncStreamCallbacks HttpCallbacks { get; }

    /// <summary>Sends a message; it is copied.</summary>
    public void Send(ReadOnlySpan<byte> message, bool endStream = false)
    {
        if (_isClosed)
        {
            return;
        }

        Span<byte> prefix = stackalloc byte[GrpcFrameReader.PrefixBytes];
        GrpcFrameReader.WritePrefix(prefix, message.Length);
        _http!.SendData(prefix, endStream: false);
        _http.SendData(message, endStream);
        if (_http.BufferedBytes > _service.MaxBufferedBytes)
        {
            _http.FailLater(StreamResetReason.Overflow, "the peer does not take what is sent to it");
        }
    }

    /// <summary>No more messages from us; the server's may go on.</summary>
    public void EndStream()
    {
        if (!_isClosed)
        {
            _http!.SendData(default, endStream: true);
        }
    }

    /// <summary>Ends the call at once; nothing more is told.</summary>
    public void Reset()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _http!.Reset();
        }
    }

    internal void Begin(AsyncHttpStream http, HeaderMap headers)
    {
        _http = http;
        http.SendHeaders(headers, endStream: false);
    }

    private void OnHeaders(HeaderMap headers, bool endStream)
    {
        _sawHeaders = true;
        if (headers.Status != 200)
        {
            GrpcStatus status = headers.TryGet(HeaderId.GrpcStatus, out ReadOnlySpan<byte> own)
                ? GrpcStatusText.Parse(own)
                : GrpcStatusText.FromHttp(headers.Status);
            Close(status, MessageOf(headers, $"HTTP status {headers.Status}"));
            return;
        }

        if (endStream)
        {
            CloseWithStatusOf(headers);
            return;
        }

        if (!headers.Get(HeaderId.ContentType).StartsWith("application/grpc"u8))
        {
            Close(GrpcStatus.Unknown, "the response is not gRPC");
            return;
        }

        _callbacks.OnInitialMetadata(headers);
    }

    private void OnData(ReadOnlySpan<byte> data, bool endStream)
    {
        while (!_isClosed)
        {
            GrpcFrameStatus status = _frames.Read(ref data, out ReadOnlyMemory<byte> message);
            if (status == GrpcFrameStatus.Message)
            {
                _callbacks.OnMessage(message);
                continue;
            }

            if (status == GrpcFrameStatus.TooLarge)
            {
                Close(GrpcStatus.ResourceExhausted, $"message over {_service.MaxMessageBytes} bytes");
            }
            else if (status == GrpcFrameStatus.Compressed)
            {
                Close(GrpcStatus.Internal, "compressed message, although no encoding was offered");
            }

            break;
        }

        if (endStream)
        {
            Close(GrpcStatus.Unknown, "the response ended without a status");
        }
    }

    private void CloseWithStatusOf(HeaderMap trailers)
    {
        if (!trailers.TryGet(HeaderId.GrpcStatus, out ReadOnlySpan<byte> value))
        {
            Close(GrpcStatus.Unknown, "the response ended without a status");
            return;
        }

        GrpcStatus status = GrpcStatusText.Parse(value);
        if (status == GrpcStatus.Ok && _frames.IsInsideMessage)
        {
            Close(GrpcStatus.Internal, "the response ended inside a message");
            return;
        }

        Close(status, MessageOf(trailers, string.Empty));
    }

    private static string MessageOf(HeaderMap headers, string otherwise) =>
        headers.TryGet(HeaderId.GrpcMessage, out ReadOnlySpan<byte> message) ? GrpcStatusText.DecodeMessage(message) : otherwise;

    private void OnHttpReset(StreamResetReason reason, string detail)
    {
        // What happens to a stream that nobody has answered is the connection's fault, and worth another attempt.
        GrpcStatus status = reason switch
        {
            StreamResetReason.LocalReset => GrpcStatus.DeadlineExceeded,
            StreamResetReason.ProtocolError => GrpcStatus.Internal,
            StreamResetReason.Overflow => GrpcStatus.ResourceExhausted,
            _ => GrpcStatus.Unavailable,
        };
        string text = _sawHeaders ? $"stream reset: {reason}" : $"upstream connect error or disconnect/reset before headers: {reason}";
        Close(status, detail.Length > 0 ? $"{text} ({detail})" : text);
    }

    private void Close(GrpcStatus status, string message)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _http?.Reset();
        _callbacks.OnClosed(status, message);
    }

    private sealed class Listener(GrpcStream stream) : AsyncStreamCallbacks
    {
        public override void OnHeaders(HeaderMap headers, bool endStream)
        {
            if (!stream._isClosed)
            {
                stream.OnHeaders(headers, endStream);
            }
        }

        public override void OnData(in Slice data, bool endStream)
        {
            if (!stream._isClosed)
            {
                stream.OnData(data.Span, endStream);
            }
        }

        public override void OnTrailers(HeaderMap trailers)
        {
            if (!stream._isClosed)
            {
                stream.CloseWithStatusOf(trailers);
            }
        }

        public override void OnReset(StreamResetReason reason, string detail) => stream.OnHttpReset(reason, detail);
    }
}
