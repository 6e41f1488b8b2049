using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Tests.Http1;

/// <summary>A receiver that allocates nothing and counts bytes.</summary>
internal sealed class SilentReceiver : StreamReceiver
{
    public long BodyBytes { get; private set; }

    public override HeaderMap HeadersToFill { get; } = new();

    public override HeaderMap TrailersToFill { get; } = new();

    public void Reset()
    {
        HeadersToFill.Clear();
        TrailersToFill.Clear();
    }

    public override void OnHeaders(bool endStream)
    {
    }

    public override void OnData(in Slice data, bool endStream) => BodyBytes += data.Length;

    public override void OnTrailers()
    {
    }

    public override void OnReset(StreamResetReason reason, ErrorDetail? detail)
    {
    }

    public override void OnAboveWriteBufferHighWatermark()
    {
    }

    public override void OnBelowWriteBufferLowWatermark()
    {
    }
}

/// <summary>A connection manager with one reused receiver.</summary>
internal sealed class SilentOwner : ServerCodecOwner
{
    public SilentReceiver Receiver { get; } = new();

    public StreamSender? Sender { get; private set; }

    public int Closed { get; private set; }

    public override StreamReceiver OnNewStream(StreamSender responseSender)
    {
        Sender = responseSender;
        Receiver.Reset();
        return Receiver;
    }

    public override void OnGoAway()
    {
    }

    public override void OnStreamClosed() => Closed++;

    public override void OnInputHeld()
    {
    }
}
