using System;
using System.Buffers.Text;
using System.Text;

namespace Sidecar.Upstream.Grpc;

/// <summary>How gRPC writes its status into HTTP. Pure; thread: any.</summary>
public static class GrpcStatusText
{
    /// <summary>The status of a response that says none, by its HTTP status (gRPC, "HTTP to gRPC Status Code Mapping").</summary>
    public static GrpcStatus FromHttp(int httpStatus) => httpStatus switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };

    /// <summary>Reads <c>grpc-status</c>; what is no known code becomes <see cref="GrpcStatus.Unknown"/>.</summary>
    public static GrpcStatus Parse(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out uint code, out int used) && used == value.Length && code <= (uint)GrpcStatus.Unauthenticated
            ? (GrpcStatus)code
            : GrpcStatus.Unknown;

    /// <summary>Decodes <c>grpc-message</c>: percent-encoded UTF-8; a stray percent sign stands for itself.</summary>
    public static string DecodeMessage(ReadOnlySpan<byte> value)
    {
        var bytes = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool isEscape = value[i] == '%' && i + 2 < value.Length;
            if (isEscape && Utf8Parser.TryParse(value.Slice(i + 1, 2), out byte decoded, out int used, 'x') && used == 2)
            {
                bytes[length++] = decoded;
                i += 2;
            }
            else
            {
                bytes[length++] = value[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
