using System;
using System.Buffers.Text;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Substitution;

/// <summary>How a gRPC status is printed.</summary>
internal enum GrpcStatusStyle : byte
{
    CamelString = 0,
    SnakeString,
    Number,
}

/// <summary><c>%GRPC_STATUS(style)%</c> and <c>%GRPC_STATUS_NUMBER%</c>; missing for requests that are not gRPC.</summary>
internal sealed class GrpcStatusOperator(GrpcStatusStyle style) : CommandOperator
{
    private static readonly string[] s_camel =
    [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
        "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
        "Unauthenticated",
    ];

    private static readonly string[] s_snake =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    public static GrpcStatusOperator Create(FormatCommand command) => new(command.Argument switch
    {
        null or "" or "CAMEL_STRING" => GrpcStatusStyle.CamelString,
        "SNAKE_STRING" => GrpcStatusStyle.SnakeString,
        "NUMBER" => GrpcStatusStyle.Number,
        _ => throw new SubstitutionFormatException("GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER."),
    });

    public override bool TryWrite(in FormatContext context, TextBuffer output)
    {
        if (!GrpcContentType.IsGrpc(context.RequestHeaders) || !TryRead(in context, out long status))
        {
            return false;
        }

        if (style == GrpcStatusStyle.Number || status < 0 || status >= s_camel.Length)
        {
            output.Append(status);
        }
        else
        {
            output.Append(style == GrpcStatusStyle.SnakeString ? s_snake[status] : s_camel[status]);
        }

        return true;
    }

    public override bool TryWriteJson(in FormatContext context, int maxBytes, TextBuffer output) =>
        style == GrpcStatusStyle.Number ? TryWrite(in context, output) : base.TryWriteJson(in context, maxBytes, output);

    /// <summary>The status from trailers, else headers, else what the HTTP status stands for.</summary>
    internal static bool TryRead(in FormatContext context, out long status)
    {
        if (context.ResponseTrailers.TryGet(HeaderId.GrpcStatus, out ReadOnlySpan<byte> text)
            || context.ResponseHeaders.TryGet(HeaderId.GrpcStatus, out text))
        {
            return Utf8Parser.TryParse(text, out status, out int used) && used == text.Length;
        }

        status = FromHttp(context.Info.ResponseCode);
        return context.Info.ResponseCode != 0;
    }

    private static long FromHttp(int httpStatus) => httpStatus switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };
}
