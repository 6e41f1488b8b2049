namespace Sidecar.Http.Codec;

/// <summary>A message's protocol version.</summary>
public enum HttpProtocol : byte
{
    None = 0,
    Http10,
    Http11,
    Http2,
}
