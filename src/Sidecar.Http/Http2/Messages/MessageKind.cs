namespace Sidecar.Http.Http2.Messages;

/// <summary>What a header block is, which decides its rules.</summary>
internal enum MessageKind : byte
{
    /// <summary>To be decoded for the compression state only.</summary>
    Discard = 0,
    Request,
    Response,
    RequestTrailers,
    ResponseTrailers,
}
