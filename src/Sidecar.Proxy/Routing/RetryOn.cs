using System;

namespace Sidecar.Proxy.Routing;

/// <summary>The conditions of Envoy's <c>retry_on</c> and <c>x-envoy-retry-on</c>, <c>x-envoy-retry-grpc-on</c>.</summary>
[Flags]
public enum RetryOn
{
    None = 0,
    FiveXx = 1 << 0,
    GatewayError = 1 << 1,
    Reset = 1 << 2,
    ResetBeforeRequest = 1 << 3,
    ConnectFailure = 1 << 4,
    EnvoyRateLimited = 1 << 5,
    Retriable4xx = 1 << 6,
    RefusedStream = 1 << 7,
    RetriableStatusCodes = 1 << 8,
    RetriableHeaders = 1 << 9,
    Http3PostConnectFailure = 1 << 10,
    GrpcCancelled = 1 << 11,
    GrpcDeadlineExceeded = 1 << 12,
    GrpcInternal = 1 << 13,
    GrpcResourceExhausted = 1 << 14,
    GrpcUnavailable = 1 << 15,

    /// <summary>Every condition that looks at the gRPC status.</summary>
    AnyGrpc = GrpcCancelled | GrpcDeadlineExceeded | GrpcInternal | GrpcResourceExhausted | GrpcUnavailable,
}

/// <summary>Reads lists of retry conditions. Thread: any.</summary>
public static class RetryOnText
{
    /// <summary>The conditions of a comma-separated list.</summary>
    /// <param name="text">The list.</param>
    /// <param name="unknown">True when a word is no condition; the others count all the same.</param>
    public static RetryOn Parse(ReadOnlySpan<byte> text, out bool unknown)
    {
        RetryOn conditions = RetryOn.None;
        unknown = false;
        while (!text.IsEmpty)
        {
            int comma = text.IndexOf((byte)',');
            ReadOnlySpan<byte> word = (comma < 0 ? text : text[..comma]).Trim((byte)' ');
            text = comma < 0 ? default : text[(comma + 1)..];
            if (word.IsEmpty)
            {
                continue;
            }

            RetryOn condition = One(word);
            unknown |= condition == RetryOn.None;
            conditions |= condition;
        }

        return conditions;
    }

    private static RetryOn One(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("5xx"u8) => RetryOn.FiveXx,
        _ when word.SequenceEqual("gateway-error"u8) => RetryOn.GatewayError,
        _ when word.SequenceEqual("reset"u8) => RetryOn.Reset,
        _ when word.SequenceEqual("reset-before-request"u8) => RetryOn.ResetBeforeRequest,
        _ when word.SequenceEqual("connect-failure"u8) => RetryOn.ConnectFailure,
        _ when word.SequenceEqual("envoy-ratelimited"u8) => RetryOn.EnvoyRateLimited,
        _ when word.SequenceEqual("retriable-4xx"u8) => RetryOn.Retriable4xx,
        _ when word.SequenceEqual("refused-stream"u8) => RetryOn.RefusedStream,
        _ when word.SequenceEqual("retriable-status-codes"u8) => RetryOn.RetriableStatusCodes,
        _ when word.SequenceEqual("retriable-headers"u8) => RetryOn.RetriableHeaders,
        _ when word.SequenceEqual("http3-post-connect-failure"u8) => RetryOn.Http3PostConnectFailure,
        _ when word.SequenceEqual("cancelled"u8) => RetryOn.GrpcCancelled,
        _ when word.SequenceEqual("deadline-exceeded"u8) => RetryOn.GrpcDeadlineExceeded,
        _ when word.SequenceEqual("internal"u8) => RetryOn.GrpcInternal,
        _ when word.SequenceEqual("resource-exhausted"u8) => RetryOn.GrpcResourceExhausted,
        _ when word.SequenceEqual("unavailable"u8) => RetryOn.GrpcUnavailable,
        _ => RetryOn.None,
    };
}
