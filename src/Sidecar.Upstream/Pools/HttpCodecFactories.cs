using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Http1;

namespace Sidecar.Upstream.Pools;

/// <summary>HTTP/1.1 towards a cluster. Thread: its worker.</summary>
internal sealed class Http1CodecFactory(Http1Settings settings, StatBlock stats) : ClientCodecFactory
{
    public override HttpProtocol Protocol => HttpProtocol.Http11;

    public override uint ExpectedStreams => 1;

    public override ClientCodec Create(CodecTransport transport, ClientCodecOwner owner) =>
        new Http1ClientCodec(transport, owner, settings, stats);
}
