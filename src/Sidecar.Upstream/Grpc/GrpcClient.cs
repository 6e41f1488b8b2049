using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Http.Headers;
using Sidecar.Upstream.AsyncClient;

namespace Sidecar.Upstream.Grpc;

/// <summary>Calls one gRPC service over a cluster, as Envoy's <c>envoy_grpc</c>. Thread: its HTTP client's.</summary>
public sealed class GrpcClient
{
    /// <summary>The longest timeout that the header can say: 8 digits of milliseconds, over a day.</summary>
    private const long MaxTimeoutMs = 99_999_999;

    private readonly AsyncHttpClient _http;
    private readonly GrpcServiceModel _service;

    public GrpcClient(AsyncHttpClient http, GrpcServiceModel service)
    {
        _http = http;
        _service = service;
    }

    public GrpcServiceModel Service => _service;

    /// <summary>Opens a stream in both directions; null when there is no host to call.</summary>
    /// <param name="method">Its path: <c>/package.Service/Method</c>.</param>
    /// <param name="callbacks">Told of messages and of the end.</param>
    /// <param name="timeoutMs">Deadline of the call as a whole; 0 for none.</param>
    public GrpcStream? Open(string method, GrpcStreamCallbacks callbacks, long timeoutMs = 0)
    {
        var stream = new GrpcStream(_service, callbacks);
        AsyncHttpStream? http = _http.Start(_service.ClusterName, stream.HttpCallbacks, timeoutMs);
        if (http is null)
        {
            return null;
        }

        stream.Begin(http, HeadersFor(method, timeoutMs));
        return stream;
    }

    /// <summary>One request, one response; the service's timeout applies. Null when there is no host to call.</summary>
    public GrpcStream? Call(string method, ReadOnlySpan<byte> request, GrpcStreamCallbacks callbacks)
    {
        GrpcStream? stream = Open(method, callbacks, _service.TimeoutMs);
        stream?.Send(request, endStream: true);
        return stream;
    }

    private HeaderMap HeadersFor(string method, long timeoutMs)
    {
        var headers = new HeaderMap();
        headers.Add(HeaderId.Method, "POST"u8);
        headers.Add(HeaderId.Scheme, "http"u8);
        headers.Add(HeaderId.Path, Encoding.ASCII.GetBytes(method));
        headers.Add(HeaderId.Authority, Encoding.UTF8.GetBytes(_service.Authority.Length > 0 ? _service.Authority : _service.ClusterName));
        headers.Add(HeaderId.Te, "trailers"u8);
        headers.Add(HeaderId.ContentType, "application/grpc"u8);
        if (timeoutMs > 0)
        {
            headers.Add(HeaderId.GrpcTimeout, Encoding.ASCII.GetBytes(Math.Min(timeoutMs, MaxTimeoutMs) + "m"));
        }

        foreach (KeyValuePair<string, string> item in _service.InitialMetadata)
        {
            headers.Add(Encoding.ASCII.GetBytes(item.Key), Encoding.UTF8.GetBytes(item.Value));
        }

        return headers;
    }
}
