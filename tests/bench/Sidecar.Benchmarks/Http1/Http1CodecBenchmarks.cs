using System;
using BenchmarkDotNet.Attributes;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;
using Sidecar.Http.Http1;

namespace Sidecar.Benchmarks.Http1;

/// <summary>
/// What the HTTP/1 codec costs a proxied request: four head passes (request in and out, response in and out). <c>small</c> is a load
/// generator's request, <c>browser</c> has 10 fields and 600 bytes.
/// </summary>
[MemoryDiagnoser]
public class Http1CodecBenchmarks
{
    private static readonly byte[] s_smallRequest = "GET /api/v1/items HTTP/1.1\r\nHost: 127.0.0.1:10000\r\nUser-Agent: bench/1.0\r\n\r\n"u8.ToArray();

    private static readonly byte[] s_browserRequest =
        ("GET /api/v1/users/12345/items?page=2&sort=name HTTP/1.1\r\nHost: shop.default.svc.cluster.local:8080\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36\r\n"
        + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
        + "Accept-Encoding: gzip, deflate, br\r\nCookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n"
        + "X-Request-Id: 7d44f6a1-0f6e-4b0e-9d9a-5b0b7f6c0c11\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: http\r\n"
        + "Referer: http://shop.example.com/start\r\n\r\n").ToBytes();

    private static readonly byte[] s_response =
        ("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/octet-stream\r\n"
        + "Content-Length: 1024\r\nConnection: keep-alive\r\nETag: \"5f3c-400\"\r\n\r\n" + new string('x', 1024)).ToBytes();

    private readonly BenchTransport _transport = new();
    private readonly AnsweringOwner _owner = new();
    private readonly DiscardingClientOwner _clientOwner = new();
    private readonly SilentReceiver _response = new();
    private readonly HeaderMap _request = new();
    private readonly Http1ServerCodec _server;
    private readonly Http1ClientCodec _client;

    public Http1CodecBenchmarks()
    {
        _server = new Http1ServerCodec(_transport, _owner, Http1Settings.Default);
        _client = new Http1ClientCodec(_transport, _clientOwner, Http1Settings.Default);
        _request.Add(HeaderId.Method, "GET"u8);
        _request.Add(HeaderId.Path, "/api/v1/users/12345/items?page=2&sort=name"u8);
        _request.Add(HeaderId.Scheme, "http"u8);
        _request.Add(HeaderId.Authority, "shop.default.svc.cluster.local:8080"u8);
        _request.Add(HeaderId.UserAgent, "bench/1.0"u8);
        _request.Add("accept"u8, "*/*"u8);
        _request.Add("x-forwarded-proto"u8, "http"u8);
        _request.Add("x-request-id"u8, "7d44f6a1-0f6e-4b0e-9d9a-5b0b7f6c0c11"u8);
        _request.Add("x-envoy-expected-rq-timeout-ms"u8, "15000"u8);
    }

    /// <summary>Prints every benchmark by <see cref="QuickRun"/>.</summary>
    public static void Print()
    {
        var run = new Http1CodecBenchmarks();
        QuickRun.Print("server: small request in, 200 + 1 KiB out", run.ServerSmall);
        QuickRun.Print("server: browser request in, 200 + 1 KiB out", run.ServerBrowser);
        QuickRun.Print("client: 9 fields out, 200 + 1 KiB in", run.Client);
    }

    [Benchmark]
    public void ServerSmall() => Serve(s_smallRequest);

    [Benchmark]
    public void ServerBrowser() => Serve(s_browserRequest);

    [Benchmark]
    public void Client()
    {
        _client.NewStream(_response).EncodeHeaders(_request, endStream: true);
        _transport.Output.Clear();
        _response.Reset();
        Fail(_client.OnData(_transport.Lend(s_response)));
    }

    private static void Fail(ErrorDetail? error)
    {
        if (error is not null)
        {
            throw new InvalidOperationException(error.Details);
        }
    }

    private void Serve(byte[] request)
    {
        Fail(_server.OnData(_transport.Lend(request)));
        _owner.Answer();
        _transport.Output.Clear();
    }
}
