using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>The response half of the connection's only stream: hands each command to its codec. One a codec, reused; thread: its worker.</summary>
internal sealed class Http1ServerStream(Http1ServerCodec codec) : StreamSender
{
    public override uint StreamId => codec.StreamNumber;

    public override long BufferedBytes => codec.BufferedBytes;

    public override void EncodeHeaders(HeaderMap headers, bool endStream) => codec.EncodeHeaders(headers, endStream);

    public override void EncodeInformationalHeaders(HeaderMap headers) => codec.EncodeInformationalHeaders(headers);

    public override void EncodeData(in Slice data, bool endStream) => codec.EncodeData(data, endStream);

    public override void EncodeData(BufferChain data, bool endStream) => codec.EncodeData(data, endStream);

    public override void EncodeTrailers(HeaderMap trailers) => codec.EncodeTrailers(trailers);

    public override void Reset(StreamResetReason reason) => codec.ResetStream();

    public override void ReadDisable(bool disable) => codec.ReadDisableStream(disable);

    /// <summary>Nothing to do: HTTP/1 has no buffer of its own above the connection's, whose watermark it passes on.</summary>
    public override void SetWriteBufferLimit(int bytes)
    {
    }
}
