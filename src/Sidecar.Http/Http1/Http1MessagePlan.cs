using Sidecar.Http.Codec;

namespace Sidecar.Http.Http1;

/// <summary>How a message that we send is framed: which field its head gets, and how its body is written (RFC 9112 section 6).</summary>
internal readonly struct Http1MessagePlan(Http1BodyMode mode, Http1FramingField framing)
{
    public Http1BodyMode Mode { get; } = mode;

    public Http1FramingField Framing { get; } = framing;

    /// <summary>The body has no other end than the connection's.</summary>
    public bool EndsWithConnection => Mode == Http1BodyMode.Raw;

    /// <param name="length">The map's content-length, -1 when absent.</param>
    /// <param name="switches">The response turns the connection into a tunnel.</param>
    public static Http1MessagePlan OfResponse(Http1Method method, HttpProtocol protocol, int status, long length, bool endStream, bool switches)
    {
        if (switches)
        {
            return new(Http1BodyMode.Raw, Http1FramingField.Omit);
        }

        if (status is 204 or < 200)
        {
            return new(Http1BodyMode.Discard, Http1FramingField.Omit);
        }

        if (method == Http1Method.Head || status == 304)
        {
            // The length, if any, is that of the body which GET would get.
            return new(Http1BodyMode.Discard, Http1FramingField.Keep);
        }

        if (length >= 0)
        {
            return new(Http1BodyMode.Length, Http1FramingField.Keep);
        }

        if (endStream)
        {
            return new(Http1BodyMode.Discard, Http1FramingField.ZeroLength);
        }

        // RFC 9112 section 6.1: no transfer coding for HTTP/1.0.
        return protocol == HttpProtocol.Http10
            ? new(Http1BodyMode.Raw, Http1FramingField.Omit)
            : new(Http1BodyMode.Chunked, Http1FramingField.Chunked);
    }

    /// <param name="length">The map's content-length, -1 when absent.</param>
    /// <param name="isTunnel">CONNECT or an upgrade without a body of its own.</param>
    public static Http1MessagePlan OfRequest(Http1Method method, long length, bool endStream, bool isTunnel)
    {
        if (isTunnel)
        {
            return new(Http1BodyMode.Raw, Http1FramingField.Omit);
        }

        if (length >= 0)
        {
            return new(Http1BodyMode.Length, Http1FramingField.Keep);
        }

        if (endStream)
        {
            return new(Http1BodyMode.Discard, Http1Methods.AnticipatesNoBody(method) ? Http1FramingField.Omit : Http1FramingField.ZeroLength);
        }

        return new(Http1BodyMode.Chunked, Http1FramingField.Chunked);
    }
}
