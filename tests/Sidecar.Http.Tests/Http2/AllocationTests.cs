using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Streams;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Http.Tests.Http2.Hpack;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http2;

/// <summary>
/// Exchanges on one connection, client against server, with everything that an exchange has: not a byte for the collector.
/// </summary>
public class AllocationTests
{
    private const int Exchanges = 10_000;

    [Fact]
    public void SteadyState_TenThousandExchanges_NoAllocation()
    {
        var pair = new SilentPair();
        pair.Run(2_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        pair.Run(Exchanges);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(Exchanges + 2_000, pair.Responses);
    }

    [Fact]
    public void Connection_AfterAnExchange_IsSmall()
    {
        const int Connections = 200;
        var memory = new Sidecar.Core.WorkerMemory();
        var pool = new Http2StreamPool(memory);
        var codecs = new Http2ServerCodec[Connections];
        byte[] hello = new Sidecar.Testing.Http2.Http2Script().Preface().Settings().Get(1, "user-agent: test").ToArray();
        Sidecar.Core.Stats.StatBlock stats = TestStats.Create();
        var transport = new FakeCodecTransport(memory);
        Slab slab = memory.ReceiveSlabs.Rent();
        hello.CopyTo(slab.Span);
        var slice = new Slice(slab, 0, hello.Length);
        var owner = new AnsweringOwner(HpackText.Map(":status: 200", "server: envoy", "date: Mon, 21 Oct 2013 20:13:21 GMT"));
        long before = 0;
        for (int i = -10; i < Connections; i++)
        {
            if (i == 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            var codec = new Http2ServerCodec(transport, owner, Http2Settings.Default, pool, stats);
            Assert.Null(codec.OnData(slice));
            transport.Output.Clear();
            codecs[Math.Max(i, 0)] = codec;
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Connections;
        Assert.InRange(each, 1, 4096);
        Assert.Equal(0, memory.Slabs.Outstanding);
        GC.KeepAlive(codecs);
    }

    /// <summary>Client and server codec, back to back, with owners that allocate nothing.</summary>
    private sealed class SilentPair : ClientCodecOwner
    {
        private readonly FakeCodecTransport _clientSide = new();
        private readonly FakeCodecTransport _serverSide = new();
        private readonly Http2ClientCodec _client;
        private readonly Http2ServerCodec _server;
        private readonly HeaderMap _request = HpackText.Map(
            ":method: POST", ":scheme: http", ":path: /a/b", ":authority: test", "user-agent: x/1.0", "x-request-id: 0123456789",
                "cookie: a=1", "cookie: b=2");

        private readonly Slab _body;
        private readonly SilentReceiver _response = new();

        public SilentPair()
        {
            HeaderMap response =
                HpackText.Map(":status: 200", "server: envoy", "content-type: text/plain", "x-envoy-upstream-service-time: 3");
            _client = new Http2ClientCodec(_clientSide, this, Http2Settings.Default, new Http2StreamPool(_clientSide.Memory),
                TestStats.Create());
            _server = new Http2ServerCodec(
                _serverSide, new AnsweringOwner(response) { Body = new byte[1024], Transport = _serverSide }, Http2Settings.Default,
                    new Http2StreamPool(_serverSide.Memory), TestStats.Create());
            _body = _clientSide.Memory.ReceiveSlabs.Rent();
        }

        public int Responses => _response.Completed;

        public void Run(int exchanges)
        {
            for (int i = 0; i < exchanges; i++)
            {
                _response.Reset();
                StreamSender sender = _client.NewStream(_response);
                sender.EncodeHeaders(_request, endStream: false);
                sender.EncodeData(new Slice(_body, 0, 4_000), endStream: true);
                Carry(_clientSide, toServer: true);
                Carry(_serverSide, toServer: false);
            }
        }

        public override void OnStreamClosed(bool connectionReusable)
        {
        }

        public override void OnGoAway()
        {
        }

        public override void OnMaxConcurrentStreamsChanged()
        {
        }

        private void Carry(FakeCodecTransport from, bool toServer)
        {
            while (!from.Output.IsEmpty)
            {
                Slab slab = from.Memory.ReceiveSlabs.Rent();
                int length = from.Output.Peek(0, slab.Span);
                from.Output.Drain(length);
                var slice = new Slice(slab, 0, length);
                ErrorDetail? error = toServer ? _server.OnData(slice) : _client.OnData(slice);
                slab.Release();
                if (error is not null)
                {
                    throw new InvalidOperationException(error.Details);
                }
            }
        }
    }

    private class SilentReceiver : StreamReceiver
    {
        public int Completed { get; private set; }

        public override HeaderMap HeadersToFill { get; } = new();

        public override HeaderMap TrailersToFill { get; } = new();

        public virtual void Reset()
        {
            HeadersToFill.Clear();
            TrailersToFill.Clear();
        }

        public override void OnHeaders(bool endStream) => Complete(endStream);

        public override void OnData(in Slice data, bool endStream) => Complete(endStream);

        public override void OnTrailers() => Complete(true);

        public override void OnReset(StreamResetReason reason, ErrorDetail? detail) => throw new InvalidOperationException("reset");

        public override void OnAboveWriteBufferHighWatermark()
        {
        }

        public override void OnBelowWriteBufferLowWatermark()
        {
        }

        protected virtual void Complete(bool end) => Completed += end ? 1 : 0;
    }

    /// <summary>Answers each request when it is complete, with the same response and trailers.</summary>
    private sealed class AnsweringOwner(HeaderMap response) : ServerCodecOwner
    {
        private readonly Answering _receiver = new(response);

        public byte[] Body
        {
            init => _receiver.Body = value;
        }

        public FakeCodecTransport Transport
        {
            init => _receiver.Slab = value.Memory.ReceiveSlabs.Rent();
        }

        public override StreamReceiver OnNewStream(StreamSender responseSender)
        {
            _receiver.Reset();
            _receiver.Sender = responseSender;
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

        private sealed class Answering(HeaderMap response) : SilentReceiver
        {
            private readonly HeaderMap _trailers = HpackText.Map("grpc-status: 0");

            public StreamSender? Sender { get; set; }

            public byte[] Body { get; set; } = [];

            public Slab? Slab { get; set; }

            protected override void Complete(bool end)
            {
                base.Complete(end);
                if (!end)
                {
                    return;
                }

                if (Slab is null)
                {
                    Sender!.EncodeHeaders(response, endStream: true);
                    return;
                }

                Sender!.EncodeHeaders(response, endStream: false);
                Sender.EncodeData(new Slice(Slab, 0, Body.Length), endStream: false);
                Sender.EncodeTrailers(_trailers);
            }
        }
    }
}
