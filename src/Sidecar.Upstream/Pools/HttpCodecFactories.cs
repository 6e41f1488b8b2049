using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Upstream.Pools;

/// <summary>HTTP/1.1 towards a cluster. Thread: its worker.</summary>
internal sealed class Http1CodecFactory(Http1Settings settings, StatBlock stats) : ClientCodecFactory
{
    public override HttpProtocol Protocol => HttpProtocol.Http11;

    public override uint ExpectedStreams => 1;

    public override ClientCodec Create(CodecTransport transport, ClientCodecOwner owner) =>
        new Http1ClientCodec(transport, owner, settings, stats);
}

/// <summary>HTTP/2 towards a cluster. Thread: its worker.</summary>
internal sealed class Http2CodecFactory(Http2Settings settings, Http2StreamPool streams, StatBlock stats) : ClientCodecFactory
{
    public override HttpProtocol Protocol => HttpProtocol.Http2;

    public override uint ExpectedStreams => settings.MaxConcurrentStreams;

    public override ClientCodec Create(CodecTransport transport, ClientCodecOwner owner) =>
        new Http2ClientCodec(transport, owner, settings, streams, stats);
}
