using System;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Http.Http1;
using Sidecar.Testing.Codec;

namespace Sidecar.Http.Tests.Http1;

/// <summary>DESIGN: no managed allocation per request in steady state.</summary>
public class AllocationTests
{
    private const int WarmUp = 200;
    private const int Exchanges = 10_000;

    private static readonly byte[] s_body = new byte[4096];

    [Fact]
    public void Server_KeepAliveExchanges_AllocateNothing()
    {
        var transport = new FakeCodecTransport();
        var owner = new SilentOwner();
        var codec = new Http1ServerCodec(transport, owner, Http1Settings.Default);
        HeaderMap response = Http1ServerHarness.Response("200", "content-type: text/plain");
        byte[] get = "GET /p?q HTTP/1.1\r\nHost: h:80\r\nUser-Agent: a-longer-value-than-one-vector-of-32-bytes\r\nX-Odd: 1\r\n\r\n"u8.ToArray();
        byte[] post = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"u8.ToArray();

        long allocated = Measure(i =>
        {
            // Every third one is cut inside a line.
            byte[] request = i % 2 == 0 ? get : post;
            int cut = i % 3 == 0 ? 30 : request.Length;
            transport.Feed(codec, request.AsSpan(0, cut));
            if (cut < request.Length)
            {
                transport.Feed(codec, request.AsSpan(cut));
            }

            owner.Sender!.EncodeHeaders(response, endStream: false);
            transport.EncodeData(owner.Sender!, s_body.AsSpan(0, i % 2 == 0 ? 1024 : 4096), endStream: true);
            transport.Output.Clear();
        });

        Assert.Equal(0, allocated);
        Assert.Equal(WarmUp + Exchanges, owner.Closed);
    }

    [Fact]
    public void Client_KeepAliveExchanges_AllocateNothing()
    {
        var transport = new FakeCodecTransport();
        var owner = new RecordingClientOwner();
        var codec = new Http1ClientCodec(transport, owner, Http1Settings.Default);
        var receiver = new SilentReceiver();
        HeaderMap request = Http1ClientHarness.Request("GET", "accept: */*", "x-request-id: 7d44f6a1-0f6e-4b0e-9d9a-5b0b7f6c0c11");
        byte[] response = "HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 5\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nhello"u8.ToArray();

        long allocated = Measure(_ =>
        {
            receiver.Reset();
            StreamSender sender = codec.NewStream(receiver);
            sender.EncodeHeaders(request, endStream: true);
            transport.Output.Clear();
            transport.Feed(codec, response);
        });

        Assert.Equal(0, allocated);
        Assert.Equal(WarmUp + Exchanges, owner.ClosedStreams);
        Assert.True(owner.Reusable);
        Assert.Equal(5L * (WarmUp + Exchanges), receiver.BodyBytes);
    }

    private static long Measure(Action<int> exchange)
    {
        for (int i = 0; i < WarmUp; i++)
        {
            exchange(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Exchanges; i++)
        {
            exchange(i);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
