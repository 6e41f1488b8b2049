using System;
using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Sidecar.Benchmarks.Http1;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Benchmarks.Http2;

/// <summary>What HPACK and the HTTP/2 codec cost in steady state: the tables are warm, the connection is old.</summary>
[MemoryDiagnoser]
public class Http2CodecBenchmarks
{
    private const int Batch = 8;

    private readonly BenchTransport _transport = new();
    private readonly EchoingOwner _owner = new();
    private readonly DiscardingClientOwner _clientOwner = new();
    private readonly SilentReceiver _response = new();
    private readonly HeaderMap _small = new();
    private readonly HeaderMap _browser = new();
    private readonly HeaderMap _decoded = new();
    private readonly HpackEncoder _encoder = new(4096);
    private readonly HpackDecoder _decoder = new();
    private readonly HeaderBlockBuilder _builder = new();
    private readonly byte[] _room = new byte[4096];
    private readonly byte[] _browserBlock;
    private readonly byte[] _huffman;
    private readonly byte[] _requests;
    private readonly int _requestBytes;
    private readonly byte[] _responseFrames;
    private readonly Http2ServerCodec _server;
    private readonly Http2ClientCodec _client;
    private uint _nextStreamId = 1;
    private uint _nextClientStreamId = 1;

    public Http2CodecBenchmarks()
    {
        AddAll(_small, ":method: GET|:scheme: http|:authority: 127.0.0.1:10000|:path: /api/v1/items|user-agent: h2load nghttp2/1.52.0");
        AddAll(
            _browser,
            ":method: GET|:scheme: https|:authority: shop.default.svc.cluster.local:8080|:path: /api/v1/users/12345/items?page=2&sort=name"
            + "|user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
            + "|accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8|accept-language: en-US,en;q=0.5"
            + "|accept-encoding: gzip, deflate, br|cookie: session=0123456789abcdef0123456789abcdef; theme=dark"
            + "|x-request-id: 7d44f6a1-0f6e-4b0e-9d9a-5b0b7f6c0c11|x-forwarded-for: 10.0.0.1|x-forwarded-proto: https");
        _browserBlock = SteadyBlock(_encoder, _browser);
        Decode(_decoder, FirstBlock(_browser));
        byte[] text = Encoding.ASCII.GetBytes(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36");
        _huffman = new byte[HuffmanEncoder.EncodedBytes(text)];
        HuffmanEncoder.Encode(text, _huffman);

        var store = new StatStore();
        StatBlock stats = store.CreateSheet("bench").Block(store.Register("http2.", Http2Stats.Table).Range);
        var pool = new Http2StreamPool(_transport.Memory);
        _server = new Http2ServerCodec(_transport, _owner, Http2Settings.Default, pool, stats);
        byte[] settings = [0, 0, 0, (byte)FrameType.Settings, 0, 0, 0, 0, 0];
        Fail(_server.OnData(_transport.Lend([.. Http2Preface.Bytes, .. settings])));
        Fail(_server.OnData(_transport.Lend(Frame(FirstBlock(_small), FrameType.Headers, endStream: true))));
        _nextStreamId = 3;
        byte[] request = Frame(SteadyBlock(new HpackEncoder(4096), _small), FrameType.Headers, endStream: true);
        _requestBytes = request.Length;
        _requests = new byte[request.Length * Batch];
        for (int i = 0; i < Batch; i++)
        {
            request.CopyTo(_requests, i * request.Length);
        }

        _client = new Http2ClientCodec(_transport, _clientOwner, Http2Settings.Default, pool, stats);
        Fail(_client.OnData(_transport.Lend(settings)));
        var answer = new HeaderMap();
        AddAll(
            answer,
            ":status: 200|server: nginx/1.22.1|date: Sun, 06 Nov 1994 08:49:37 GMT|content-type: application/octet-stream|etag: \"5f3c-400\"");
        Request();
        Fail(_client.OnData(_transport.Lend(Frame(FirstBlock(answer), FrameType.Headers, endStream: true))));
        _responseFrames = [.. Frame(SteadyBlock(new HpackEncoder(4096), answer), FrameType.Headers, endStream: false),
            .. Frame(new byte[1024], FrameType.Data, endStream: true)];
        _transport.Output.Clear();
    }

    /// <summary>Prints every benchmark by <see cref="QuickRun"/>.</summary>
    public static void Print()
    {
        var run = new Http2CodecBenchmarks();
        QuickRun.Print("hpack: decode 12 fields, 4 of them literals", run.DecodeBrowser);
        QuickRun.Print("hpack: encode the same", run.EncodeBrowser);
        QuickRun.Print("hpack: Huffman-decode a user-agent", run.DecodeHuffman);
        QuickRun.Print("server: 8 small requests in, 200 + 1 KiB out", run.ServerBatch);
        QuickRun.Print("client: 5 fields out, 200 + 1 KiB in", run.Client);
    }

    [Benchmark]
    public void DecodeBrowser() => Decode(_decoder, _browserBlock);

    [Benchmark]
    public void EncodeBrowser() => _encoder.Encode(_browser, _room);

    [Benchmark]
    public void DecodeHuffman() => HuffmanDecoder.TryDecode(_huffman, _room, out _);

    /// <summary>One read with a request on each of 8 streams, as h2load makes them; divide by 8.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void ServerBatch()
    {
        for (int i = 0; i < Batch; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_requests.AsSpan((i * _requestBytes) + 5), _nextStreamId);
            _nextStreamId += 2;
        }

        Fail(_server.OnData(_transport.Lend(_requests)));
        _transport.Output.Clear();
    }

    [Benchmark]
    public void Client()
    {
        Request();
        BinaryPrimitives.WriteUInt32BigEndian(_responseFrames.AsSpan(5), _nextClientStreamId - 2);
        BinaryPrimitives.WriteUInt32BigEndian(_responseFrames.AsSpan(_responseFrames.Length - 1024 - 4), _nextClientStreamId - 2);
        Fail(_client.OnData(_transport.Lend(_responseFrames)));
    }

    private static byte[] FirstBlock(HeaderMap map)
    {
        var room = new byte[HpackEncoder.MaxEncodedBytes(map)];
        return room[..new HpackEncoder(4096).Encode(map, room)];
    }

    private static byte[] SteadyBlock(HpackEncoder encoder, HeaderMap map)
    {
        var room = new byte[HpackEncoder.MaxEncodedBytes(map)];
        encoder.Encode(map, room);
        return room[..encoder.Encode(map, room)];
    }

    private static byte[] Frame(byte[] payload, FrameType type, bool endStream)
    {
        var frame = new byte[FrameHeader.Bytes + payload.Length];
        FrameFlags flags = type == FrameType.Headers ? FrameFlags.EndHeaders : FrameFlags.None;
        flags |= endStream ? FrameFlags.EndStream : FrameFlags.None;
        FrameHeader.Write(frame, payload.Length, type, flags, 1);
        payload.CopyTo(frame, FrameHeader.Bytes);
        return frame;
    }

    private static void AddAll(HeaderMap map, string lines)
    {
        foreach (string line in lines.Split('|'))
        {
            int colon = line.IndexOf(": ", 1, StringComparison.Ordinal);
            map.Add(Encoding.ASCII.GetBytes(line[..colon]), Encoding.ASCII.GetBytes(line[(colon + 2)..]));
        }
    }

    private static void Fail(ErrorDetail? error)
    {
        if (error is not null)
        {
            throw new InvalidOperationException(error.Details);
        }
    }

    private void Decode(HpackDecoder decoder, ReadOnlySpan<byte> block)
    {
        _decoded.Clear();
        _builder.Begin(_decoded, MessageKind.Request, Http2Settings.Default);
        if (!decoder.TryDecode(block, _builder))
        {
            throw new InvalidOperationException("compression error");
        }

        Fail(_builder.Finish());
    }

    private void Request()
    {
        _response.Reset();
        _client.NewStream(_response).EncodeHeaders(_small, endStream: true);
        _nextClientStreamId += 2;
        _transport.Output.Clear();
    }
}
