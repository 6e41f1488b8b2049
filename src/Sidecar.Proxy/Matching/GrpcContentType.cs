using System;
using Sidecar.Http.Headers;

namespace Sidecar.Proxy.Matching;

/// <summary>Recognizes gRPC by its content type, as Envoy does. Thread: any.</summary>
public static class GrpcContentType
{
    /// <summary>True for <c>application/grpc</c> and <c>application/grpc+...</c>, and for neither <c>application/grpc-web</c> nor others.</summary>
    public static bool IsGrpc(HeaderMap headers)
    {
        if (!headers.TryGet(HeaderId.ContentType, out ReadOnlySpan<byte> type))
        {
            return false;
        }

        ReadOnlySpan<byte> grpc = "application/grpc"u8;
        return type.StartsWith(grpc) && (type.Length == grpc.Length || type[grpc.Length] == (byte)'+');
    }
}
