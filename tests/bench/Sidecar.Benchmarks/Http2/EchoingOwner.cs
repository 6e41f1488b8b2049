using Sidecar.Benchmarks.Http1;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Benchmarks.Http2;

/// <summary>Answers each request from inside its event, as a proxy that has the response at hand.</summary>
internal sealed class EchoingOwner : ServerCodecOwner
{
    private readonly AnsweringOwner _answers = new();
    private readonly Receiver _receiver;

    public EchoingOwner() => _receiver = new Receiver(_answers);

    public override StreamReceiver OnNewStream(StreamSender responseSender)
    {
        _answers.OnNewStream(responseSender);
        _receiver.HeadersToFill.Clear();
        return _receiver;
    }

    public override void OnGoAway()
    {
    }

    public override void OnStreamClosed()
    {
    }

    public override void OnInputHeld()
    {
    }

    private sealed class Receiver(AnsweringOwner answers) : StreamReceiver
    {
        public override HeaderMap HeadersToFill { get; } = new();

        public override HeaderMap TrailersToFill { get; } = new();

        public override void OnHeaders(bool endStream) => answers.Answer();

        public override void OnData(in Slice data, bool endStream)
        {
        }

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
}
