using Sidecar.Core.Errors;

namespace Sidecar.Http.Errors;

/// <summary>
/// What can be wrong with HTTP/1 bytes, once for requests (the downstream's fault) and once for responses (the upstream's). Immutable;
/// thread: any.
/// </summary>
public sealed class Http1Errors
{
    /// <summary>Broken requests: the connection manager answers with <see cref="ErrorDetail.HttpStatus"/> and closes.</summary>
    public static readonly Http1Errors Request = new(ErrorBlame.Downstream);

    /// <summary>Broken responses: the stream is reset with <c>ProtocolError</c>, the router answers 502.</summary>
    public static readonly Http1Errors Response = new(ErrorBlame.Upstream);

    private readonly ErrorBlame _blame;

    private Http1Errors(ErrorBlame blame)
    {
        _blame = blame;
        Codec = Detail("http1.codec_error", 400);
        Version = Detail("http1.codec_error", 505);
        HeadersTooLarge = Detail("http1.headers_too_large", 431);
        TooManyHeaders = Detail("http1.too_many_headers", 431);
        InvalidCharacters = Detail("http1.invalid_characters", 400);
        InvalidUrl = Detail("http1.invalid_url", 400);
        InvalidTransferEncoding = Detail("http1.invalid_transfer_encoding", 501);
        TransferEncodingNotAllowed = Detail("http1.transfer_encoding_not_allowed", 400);
        ContentLengthNotAllowed = Detail("http1.content_length_not_allowed", 400);
        ContentLengthAndChunked = Detail("http1.content_length_and_chunked_not_allowed", 400);
        BodyDisallowed = Detail("http1.body_disallowed", 400);
        ConnectionHeaderRejected = Detail("http1.connection_header_rejected", 400);
        UnexpectedUnderscore = Detail("http1.unexpected_underscore", 400);
        MissingHost = Detail("missing_host_header", 400);
        LowVersion = Detail("low_version", 426);
    }

    /// <summary>The grammar of RFC 9112 is broken: start line, field line, line ends, chunk framing, lengths.</summary>
    public ErrorDetail Codec { get; }

    /// <summary>A well-formed version that is neither 1.0 nor 1.1.</summary>
    public ErrorDetail Version { get; }

    /// <summary>Head or trailers over <c>max_request_headers_kb</c>.</summary>
    public ErrorDetail HeadersTooLarge { get; }

    /// <summary>More fields than <c>max_headers_count</c>.</summary>
    public ErrorDetail TooManyHeaders { get; }

    /// <summary>A control character in a field value.</summary>
    public ErrorDetail InvalidCharacters { get; }

    /// <summary>Request target or host that RFC 9112 section 3.2 doesn't allow.</summary>
    public ErrorDetail InvalidUrl { get; }

    /// <summary>A transfer coding other than exactly <c>chunked</c>.</summary>
    public ErrorDetail InvalidTransferEncoding { get; }

    /// <summary>Transfer-Encoding where there is no body: 1xx, 204, CONNECT.</summary>
    public ErrorDetail TransferEncodingNotAllowed { get; }

    /// <summary>A length where there is no body: 1xx, 204, CONNECT.</summary>
    public ErrorDetail ContentLengthNotAllowed { get; }

    /// <summary>Both framings in one message: the classic request smuggling vector.</summary>
    public ErrorDetail ContentLengthAndChunked { get; }

    /// <summary>Bytes where no message may be.</summary>
    public ErrorDetail BodyDisallowed { get; }

    /// <summary>A Connection header that isn't a list of tokens.</summary>
    public ErrorDetail ConnectionHeaderRejected { get; }

    /// <summary><c>headers_with_underscores_action: REJECT_REQUEST</c>.</summary>
    public ErrorDetail UnexpectedUnderscore { get; }

    /// <summary>No host in an HTTP/1.1 request, or an empty one.</summary>
    public ErrorDetail MissingHost { get; }

    /// <summary>HTTP/1.0 while <c>accept_http_10</c> is off.</summary>
    public ErrorDetail LowVersion { get; }

    private ErrorDetail Detail(string details, int status) => new()
    {
        Details = details,
        Scope = ErrorScope.Connection,
        Blame = _blame,
        HttpStatus = status,
        Flag = _blame == ErrorBlame.Downstream ? ResponseFlags.DownstreamProtocolError : ResponseFlags.UpstreamProtocolError,
        Body = status switch
        {
            426 => "Upgrade Required",
            431 => "Request Header Fields Too Large",
            501 => "Not Implemented",
            505 => "HTTP Version Not Supported",
            _ => "Bad Request",
        },
    };
}
