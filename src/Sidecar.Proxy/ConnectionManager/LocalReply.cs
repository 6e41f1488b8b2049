using System;
using System.Globalization;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>
/// Builds every response that Sidecar makes itself. gRPC requests get 200 with <c>grpc-status</c> and <c>grpc-message</c> and no body
/// (the gRPC protocol's trailers-only form), others the status with a text body. Thread: the worker.
/// </summary>
internal static class LocalReply
{
    private const int MaxGrpcMessageBytes = 1024;

    public static void Send(HttpStream stream, ErrorDetail detail, ReadOnlySpan<byte> body)
    {
        HeaderMap headers = stream.ResponseHeaders;
        headers.Clear();
        if (body.IsEmpty)
        {
            body = detail.BodyBytes;
        }

        if (IsGrpc(stream.RequestHeaders))
        {
            headers.Add(HeaderId.Status, 200);
            headers.Add(HeaderId.ContentType, "application/grpc"u8);
            headers.Add(HeaderId.GrpcStatus, detail.GrpcStatus >= 0 ? detail.GrpcStatus : GrpcStatusOf(detail.HttpStatus));
            if (!body.IsEmpty)
            {
                AddGrpcMessage(headers, body);
            }

            stream.EncodeHeaders(endStream: true);
            return;
        }

        headers.Add(HeaderId.Status, detail.HttpStatus);
        if (!body.IsEmpty)
        {
            headers.Add(HeaderId.ContentLength, body.Length);
            headers.Add(HeaderId.ContentType, "text/plain"u8);
        }

        SendPrepared(stream, body);
    }

    /// <summary>Sends the headers that stand in the response's map, and a body unless the request was HEAD.</summary>
    public static void SendPrepared(HttpStream stream, ReadOnlySpan<byte> body)
    {
        bool headOnly = body.IsEmpty || stream.RequestHeaders.Method.SequenceEqual("HEAD"u8);
        stream.EncodeHeaders(headOnly);
        if (headOnly || stream.IsFinished)
        {
            return;
        }

        SlabPool slabs = stream.Worker.Dispatcher.Memory.Slabs;
        while (!stream.IsFinished)
        {
            Slab slab = slabs.Rent();
            int n = Math.Min(body.Length, slab.Size);
            body[..n].CopyTo(slab.Span);
            body = body[n..];
            stream.EncodeData(new Slice(slab, 0, n), body.IsEmpty);
            slab.Release();
            if (body.IsEmpty)
            {
                return;
            }
        }
    }

    /// <summary><c>application/grpc</c> or <c>application/grpc+...</c>.</summary>
    public static bool IsGrpc(HeaderMap request)
    {
        ReadOnlySpan<byte> type = request.Get(HeaderId.ContentType);
        ReadOnlySpan<byte> grpc = "application/grpc"u8;
        return type.StartsWith(grpc) && (type.Length == grpc.Length || type[grpc.Length] is (byte)'+' or (byte)';');
    }

    /// <summary>The gRPC project's mapping of HTTP status codes (doc/http-grpc-status-mapping.md).</summary>
    public static int GrpcStatusOf(int httpStatus) => httpStatus switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };

    /// <summary>Percent-encoded as the gRPC protocol asks: bytes outside printable ASCII and the percent sign itself.</summary>
    private static void AddGrpcMessage(HeaderMap headers, ReadOnlySpan<byte> text)
    {
        Span<byte> encoded = stackalloc byte[MaxGrpcMessageBytes];
        int length = 0;
        foreach (byte b in text)
        {
            if (length + 3 > encoded.Length)
            {
                break;
            }

            if (b is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded[length++] = b;
                continue;
            }

            encoded[length++] = (byte)'%';
            b.TryFormat(encoded[length..], out int written, "X2", CultureInfo.InvariantCulture);
            length += written;
        }

        headers.Add(HeaderId.GrpcMessage, encoded[..length]);
    }
}
