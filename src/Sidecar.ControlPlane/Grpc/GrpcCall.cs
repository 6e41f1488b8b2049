using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Sidecar.ControlPlane.Grpc;

/// <summary>
/// One bidirectional gRPC call on Kestrel: messages from the request body, messages to the response body, the status in trailers.
/// One reader and one writer at a time.
/// </summary>
public sealed class GrpcCall
{
    /// <summary>A longer message ends the call.</summary>
    public const int MaxMessageBytes = 16 << 20;

    private readonly HttpContext _context;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;

    /// <summary>Wraps a request that <see cref="Check"/> accepted.</summary>
    public GrpcCall(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _reader = context.Request.BodyReader;
        _writer = context.Response.BodyWriter;
    }

    /// <summary>Why reading ended, once <see cref="ReadAsync"/> has returned null.</summary>
    public GrpcStatus ReadStatus { get; private set; }

    /// <summary>The HTTP status with which a request that is not gRPC is refused; 200 for one that is.</summary>
    public static int Check(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!HttpProtocol.IsHttp2(request.Protocol))
        {
            return StatusCodes.Status426UpgradeRequired;
        }

        if (request.Method != HttpMethods.Post)
        {
            return StatusCodes.Status405MethodNotAllowed;
        }

        string type = request.ContentType ?? "";
        bool isGrpc = type is "application/grpc" or "application/grpc+proto"
            || type.StartsWith("application/grpc;", StringComparison.Ordinal)
            || type.StartsWith("application/grpc+proto;", StringComparison.Ordinal);
        return isGrpc ? StatusCodes.Status200OK : StatusCodes.Status415UnsupportedMediaType;
    }

    /// <summary>Ends a call that has no handler, with a response of headers only.</summary>
    public static void Refuse(HttpResponse response, GrpcStatus status)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status.Code).ToString(null, null);
        response.Headers["grpc-message"] = GrpcMessageText.Encode(status.Message);
    }

    /// <summary>Sends the response headers, so that the client knows that the stream is up.</summary>
    public Task StartAsync(CancellationToken cancellation)
    {
        _context.Response.ContentType = "application/grpc";
        return _context.Response.StartAsync(cancellation);
    }

    /// <summary>The next message; null when the client has sent its last one, or something that is not a message.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await _reader.ReadAsync(cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            GrpcFrameStatus status = GrpcFrame.TryRead(ref buffer, MaxMessageBytes, out ReadOnlySequence<byte> message);
            if (status == GrpcFrameStatus.Message)
            {
                byte[] copy = message.ToArray();
                _reader.AdvanceTo(buffer.Start);
                return copy;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (status != GrpcFrameStatus.Incomplete || result.IsCompleted)
            {
                ReadStatus = StatusOf(status, isCut: !buffer.IsEmpty);
                return null;
            }
        }
    }

    /// <summary>Sends one message; waits while the client's window is full.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        GrpcFrame.Write(_writer, message.Span);
        await _writer.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends the status. Nothing may be written after it.</summary>
    public async Task FinishAsync(GrpcStatus status)
    {
        _context.Response.AppendTrailer("grpc-status", ((int)status.Code).ToString(null, null));
        if (status.Message.Length > 0)
        {
            _context.Response.AppendTrailer("grpc-message", GrpcMessageText.Encode(status.Message));
        }

        await _context.Response.CompleteAsync().ConfigureAwait(false);
    }

    private static GrpcStatus StatusOf(GrpcFrameStatus status, bool isCut) => status switch
    {
        GrpcFrameStatus.TooLarge => new(GrpcStatusCode.ResourceExhausted, $"message larger than {MaxMessageBytes} bytes"),
        GrpcFrameStatus.Compressed => new(GrpcStatusCode.Unimplemented, "compressed messages are not supported"),
        GrpcFrameStatus.BadFlag => new(GrpcStatusCode.Internal, "not a gRPC message: the first byte is neither 0 nor 1"),
        _ when isCut => new(GrpcStatusCode.Internal, "the request ended inside a message"),
        _ => GrpcStatus.Ok,
    };
}
