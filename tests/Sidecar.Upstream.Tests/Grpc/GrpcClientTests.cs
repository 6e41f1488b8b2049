using System;
using System.Collections.Generic;
using Sidecar.Http.Codec;
using Sidecar.Upstream.Grpc;
using Sidecar.Upstream.Tests.AsyncClient;

namespace Sidecar.Upstream.Tests.Grpc;

public sealed class GrpcClientTests : IDisposable
{
    private const string Method = "/test.Service/Method";

    private static readonly (string Name, string Value) s_grpc = ("content-type", "application/grpc");

    private readonly FakeHttpClient _http = new();
    private readonly Recorder _heard = new();
    private readonly GrpcClient _client;

    public GrpcClientTests()
    {
        _client = new GrpcClient(_http, new GrpcServiceModel
        {
            ClusterName = "xds",
            InitialMetadata = [new("x-token", "secret")],
            TimeoutMs = 500,
            MaxMessageBytes = 1000,
            MaxBufferedBytes = 1000,
        });
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public void Head_SaysWhatGrpcAsksFor()
    {
        _client.Call(Method, "x"u8, _heard);
        _http.Connect();

        Assert.Equal("POST", _http.Sender.Head[":method"]);
        Assert.Equal(Method, _http.Sender.Head[":path"]);
        Assert.Equal("xds", _http.Sender.Head[":authority"]);
        Assert.Equal("trailers", _http.Sender.Head["te"]);
        Assert.Equal("application/grpc", _http.Sender.Head["content-type"]);
        Assert.Equal("500m", _http.Sender.Head["grpc-timeout"]);
        Assert.Equal("secret", _http.Sender.Head["x-token"]);
    }

    [Fact]
    public void Authority_WhenConfigured_ReplacesTheClustersName()
    {
        var client = new GrpcClient(_http, new GrpcServiceModel { ClusterName = "xds", Authority = "istiod.example" });
        client.Open(Method, _heard);
        _http.Connect();

        Assert.Equal("istiod.example", _http.Sender.Head[":authority"]);
        Assert.DoesNotContain("grpc-timeout", _http.Sender.Head.Keys);
    }

    [Fact]
    public void Message_Sent_HasItsPrefix()
    {
        GrpcStream stream = _client.Open(Method, _heard)!;
        _http.Connect();

        stream.Send("abc"u8);

        Assert.Equal([0, 0, 0, 0, 3, (byte)'a', (byte)'b', (byte)'c'], _http.Sender.Body);
    }

    [Fact]
    public void UnaryCall_EndsItsHalfWithTheRequest()
    {
        _client.Call(Method, "abc"u8, _heard);

        _http.Connect();

        Assert.EndsWith("end", _http.Sender.Calls[^1]);
    }

    [Fact]
    public void Responses_OfAStream_AreToldOneByOne()
    {
        OpenAndAnswer();

        _http.RespondData([0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 2, 8]);
        _http.RespondData([9]);
        _http.RespondTrailers(("grpc-status", "0"));

        Assert.Equal(["07", "0809", "closed Ok "], _heard.Events);
    }

    [Fact]
    public void Status_InTheHeadAlone_EndsTheCall()
    {
        _client.Open(Method, _heard);
        _http.Connect();

        _http.RespondHeaders(200, endStream: true, s_grpc, ("grpc-status", "7"), ("grpc-message", "not%20you"));

        Assert.Equal(["closed PermissionDenied not you"], _heard.Events);
    }

    [Theory]
    [InlineData(503, "closed Unavailable HTTP status 503")]
    [InlineData(404, "closed Unimplemented HTTP status 404")]
    public void HttpError_IsMapped(int status, string expected)
    {
        _client.Open(Method, _heard);
        _http.Connect();

        _http.RespondHeaders(status, endStream: false);

        Assert.Equal([expected], _heard.Events);
        Assert.Equal("reset", _http.Sender.Calls[^1]);
    }

    [Fact]
    public void Response_OfAnotherKind_EndsTheCall()
    {
        _client.Open(Method, _heard);
        _http.Connect();

        _http.RespondHeaders(200, endStream: false, ("content-type", "text/html"));

        Assert.Equal(["closed Unknown the response is not gRPC"], _heard.Events);
    }

    [Fact]
    public void Response_WithoutStatus_IsAnError()
    {
        OpenAndAnswer();

        _http.RespondData([], endStream: true);

        Assert.Equal(["closed Unknown the response ended without a status"], _heard.Events);
    }

    [Fact]
    public void Response_ThatEndsInsideAMessage_IsAnError()
    {
        OpenAndAnswer();
        _http.RespondData([0, 0, 0, 0, 9, 1]);

        _http.RespondTrailers(("grpc-status", "0"));

        Assert.Equal(["closed Internal the response ended inside a message"], _heard.Events);
    }

    [Fact]
    public void Message_TooLarge_ResetsTheStream()
    {
        OpenAndAnswer();

        _http.RespondData([0, 0, 0, 0x10, 0]);

        Assert.Equal(["closed ResourceExhausted message over 1000 bytes"], _heard.Events);
        Assert.Equal("reset", _http.Sender.Calls[^1]);
    }

    [Theory]
    [InlineData(StreamResetReason.RemoteReset, "closed Unavailable")]
    [InlineData(StreamResetReason.ConnectionTermination, "closed Unavailable")]
    [InlineData(StreamResetReason.ProtocolError, "closed Internal")]
    public void Reset_ByThePeer_BecomesAStatus(StreamResetReason reason, string expected)
    {
        OpenAndAnswer();

        _http.ResetByPeer(reason);

        Assert.StartsWith(expected, Assert.Single(_heard.Events));
    }

    [Fact]
    public void Deadline_Passed_EndsTheCall()
    {
        _client.Call(Method, "x"u8, _heard);
        _http.Connect();

        _http.Time.AdvanceAndRun(_http.Dispatcher, 501);

        Assert.StartsWith("closed DeadlineExceeded", Assert.Single(_heard.Events));
    }

    [Fact]
    public void Backlog_OverItsLimit_EndsTheCall_NotInsideSend()
    {
        GrpcStream stream = _client.Open(Method, _heard)!;

        stream.Send(new byte[2000]);
        Assert.Empty(_heard.Events);
        _http.Run();

        Assert.StartsWith("closed ResourceExhausted", Assert.Single(_heard.Events));
    }

    [Fact]
    public void Reset_ByUs_TellsNobody()
    {
        GrpcStream stream = OpenAndAnswer();

        stream.Reset();
        _http.RespondData([0, 0, 0, 0, 1, 7]);

        Assert.Empty(_heard.Events);
    }

    [Fact]
    public void Reset_FromInsideAMessage_StopsTheRest()
    {
        GrpcStream stream = OpenAndAnswer();
        _heard.OnFirst = stream.Reset;

        _http.RespondData([0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 8]);

        Assert.Equal(["07"], _heard.Events);
    }

    [Fact]
    public void Open_WithoutAHost_GivesNothing()
    {
        _http.IsReachable = false;

        Assert.Null(_client.Open(Method, _heard));
        Assert.Empty(_heard.Events);
    }

    private GrpcStream OpenAndAnswer()
    {
        GrpcStream stream = _client.Open(Method, _heard)!;
        _http.Connect();
        _http.RespondHeaders(200, endStream: false, s_grpc);
        return stream;
    }

    private sealed class Recorder : GrpcStreamCallbacks
    {
        public List<string> Events { get; } = [];

        public Action? OnFirst { get; set; }

        public override void OnMessage(ReadOnlyMemory<byte> message)
        {
            Events.Add(Convert.ToHexString(message.Span));
            OnFirst?.Invoke();
        }

        public override void OnClosed(GrpcStatus status, string message) => Events.Add($"closed {status} {message}");
    }
}
