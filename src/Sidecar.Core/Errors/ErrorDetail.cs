using System;
using System.Text;

namespace Sidecar.Core.Errors;

/// <summary>How far an error reaches.</summary>
public enum ErrorScope : byte
{
    None = 0,
    Request,
    Stream,
    Connection,
}

/// <summary>Whose fault it is; decides which side's counters and logs name it.</summary>
public enum ErrorBlame : byte
{
    None = 0,
    Downstream,
    Upstream,
    Internal,
}

/// <summary>Whether the request may be tried elsewhere.</summary>
public enum RetryClass : byte
{
    Never = 0,
    Always,

    /// <summary>Only when the connection was a reused one: it may have been closed while idle.</summary>
    IfReusedConnection,

    /// <summary>Only when no byte of the request was sent.</summary>
    IfNotSent,
}

/// <summary>
/// One line of the error table: everything that follows from one cause. Codecs, pools and the router pass references to these instead
/// of throwing. Immutable; thread: any.
/// </summary>
public sealed class ErrorDetail
{
    private byte[]? _bodyBytes;

    /// <summary>Envoy's <c>%RESPONSE_CODE_DETAILS%</c>.</summary>
    public required string Details { get; init; }

    public ErrorScope Scope { get; init; } = ErrorScope.Request;

    public ErrorBlame Blame { get; init; } = ErrorBlame.Internal;

    /// <summary>Status of the local reply, 0 when none is sent.</summary>
    public int HttpStatus { get; init; }

    /// <summary>gRPC status of the local reply; -1 means: map it from the HTTP status.</summary>
    public int GrpcStatus { get; init; } = -1;

    public ResponseFlags Flag { get; init; }

    /// <summary>Error code for RST_STREAM or GOAWAY (RFC 9113 section 7).</summary>
    public uint Http2Code { get; init; }

    public RetryClass Retry { get; init; }

    /// <summary>Body of the local reply.</summary>
    public string Body { get; init; } = string.Empty;

    /// <summary><see cref="Body"/> as it is sent.</summary>
    public ReadOnlySpan<byte> BodyBytes => _bodyBytes ??= Encoding.UTF8.GetBytes(Body);

    public override string ToString() => Details;
}
