using System;
using System.Text;
using Sidecar.Core;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;

namespace Sidecar.Benchmarks.Http1;

/// <summary>A connection whose output the benchmark throws away.</summary>
internal sealed class BenchTransport : CodecTransport
{
    private readonly Slab _receive;

    public BenchTransport()
    {
        Output = new BufferChain(Memory.Slabs);
        _receive = Memory.ReceiveSlabs.Rent();
    }

    public override BufferChain Output { get; }

    public override WorkerMemory Memory { get; } = new();

    public override long NowNs => 1;

    /// <summary>The bytes in the receive slab, as a socket would have put them there.</summary>
    public Slice Lend(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_receive.Span);
        return new Slice(_receive, 0, bytes.Length);
    }

    public override void OutputWritten()
    {
    }

    public override void ReadDisable(bool disable)
    {
    }
}

/// <summary>A receiver that reuses its maps and does nothing.</summary>
internal sealed class SilentReceiver : StreamReceiver
{
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

    public override void OnData(in Slice data, bool endStream)
    {
    }

    public override void OnTrailers()
    {
    }

    public override void OnReset(StreamResetReason reason, ErrorDetail? detail) => throw new InvalidOperationException(reason.ToString());

    public override void OnAboveWriteBufferHighWatermark()
    {
    }

    public override void OnBelowWriteBufferLowWatermark()
    {
    }
}

/// <summary>A connection manager that answers every request with one response of 7 fields and 1 KiB.</summary>
internal sealed class AnsweringOwner : ServerCodecOwner
{
    private readonly SilentReceiver _receiver = new();
    private readonly HeaderMap _response = new();
    private readonly Slab _body = new WorkerMemory().Slabs.Rent();
    private StreamSender? _sender;

    public AnsweringOwner()
    {
        _response.Add(HeaderId.Status, "200"u8);
        _response.Add("server"u8, "envoy"u8);
        _response.Add("date"u8, "Sun, 06 Nov 1994 08:49:37 GMT"u8);
        _response.Add("content-type"u8, "application/octet-stream"u8);
        _response.Add("content-length"u8, "1024"u8);
        _response.Add("etag"u8, "\"5f3c-400\""u8);
        _response.Add("x-envoy-upstream-service-time"u8, "1"u8);
    }

    public override StreamReceiver OnNewStream(StreamSender responseSender)
    {
        _sender = responseSender;
        _receiver.Reset();
        return _receiver;
    }

    public void Answer()
    {
        _sender!.EncodeHeaders(_response, endStream: false);
        _sender.EncodeData(new Slice(_body, 0, 1024), endStream: true);
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
}

/// <summary>A pooled connection that only checks that it stays usable.</summary>
internal sealed class DiscardingClientOwner : ClientCodecOwner
{
    public override void OnStreamClosed(bool connectionReusable)
    {
        if (!connectionReusable)
        {
            throw new InvalidOperationException("the connection must stay usable");
        }
    }

    public override void OnGoAway()
    {
    }

    public override void OnMaxConcurrentStreamsChanged()
    {
    }
}

internal static class Latin1Bytes
{
    public static byte[] ToBytes(this string text) => Encoding.Latin1.GetBytes(text);
}
