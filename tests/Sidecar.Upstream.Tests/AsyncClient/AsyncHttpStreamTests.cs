using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Http.Codec;
using Sidecar.Http.Headers;
using Sidecar.Upstream.AsyncClient;
using Sidecar.Upstream.Pools;

namespace Sidecar.Upstream.Tests.AsyncClient;

public sealed class AsyncHttpStreamTests : IDisposable
{
    private readonly FakeHttpClient _client = new();
    private readonly Recorder _heard = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Request_BeforeTheConnection_WaitsAndIsSentInOrder()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.SendHeaders(new HeaderMap(), endStream: false);
        stream.SendData("ab"u8, endStream: false);
        stream.SendData("cd"u8, endStream: true);
        Assert.Equal(4, stream.BufferedBytes);

        _client.Connect();

        Assert.Equal(["headers", "data end"], _client.Sender.Calls);
        Assert.Equal("abcd", Encoding.ASCII.GetString([.. _client.Sender.Body]));
    }

    [Fact]
    public void Request_WithoutBody_EndsWithItsHead()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.SendHeaders(new HeaderMap(), endStream: true);

        _client.Connect();

        Assert.Equal(["headers end"], _client.Sender.Calls);
    }

    [Fact]
    public void Request_WithTrailers_EndsWithThem()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        _client.Connect();
        stream.SendHeaders(new HeaderMap(), endStream: false);
        stream.SendData("x"u8, endStream: false);

        stream.SendTrailers(new HeaderMap());

        Assert.Equal(["headers", "data", "trailers"], _client.Sender.Calls);
    }

    [Fact]
    public void Exchange_CompleteInBothDirections_IsClosedWithoutAReset()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.SendHeaders(new HeaderMap(), endStream: true);
        _client.Connect();

        _client.RespondHeaders(200, endStream: false);
        _client.RespondData("hi"u8, endStream: true);
        stream.Reset();

        Assert.True(stream.IsClosed);
        Assert.DoesNotContain("reset", _client.Sender.Calls);
        Assert.Equal(["headers 200", "data hi end"], _heard.Events);
    }

    [Fact]
    public void Reset_WhileOpen_ResetsTheSenderAndTellsNobody()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.SendHeaders(new HeaderMap(), endStream: false);
        _client.Connect();

        stream.Reset();

        Assert.Equal("reset", _client.Sender.Calls[^1]);
        Assert.Empty(_heard.Events);
    }

    [Fact]
    public void Connection_AfterTheStreamWasGivenUp_IsReset()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.Reset();

        _client.Connect();

        Assert.Equal(["reset"], _client.Sender.Calls);
    }

    [Theory]
    [InlineData(PoolFailureReason.Overflow, "Overflow")]
    [InlineData(PoolFailureReason.Timeout, "ConnectionTimeout")]
    [InlineData(PoolFailureReason.RemoteConnectionFailure, "ConnectionFailure")]
    [InlineData(PoolFailureReason.LocalConnectionFailure, "ConnectionFailure")]
    public void PoolFailure_IsToldAsAReset(PoolFailureReason reason, string expected)
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;

        stream.PoolCallbacks.OnPoolFailure(reason, null!, null);

        Assert.Equal(["reset " + expected], _heard.Events);
        Assert.True(stream.IsClosed);
    }

    [Fact]
    public void Timeout_WithoutResponse_ResetsAndTells()
    {
        AsyncHttpStream stream = _client.Start("c", _heard, timeoutMs: 100)!;
        stream.SendHeaders(new HeaderMap(), endStream: true);
        _client.Connect();

        _client.Time.AdvanceAndRun(_client.Dispatcher, 101);

        Assert.Equal("reset", _client.Sender.Calls[^1]);
        Assert.Equal(["reset LocalReset"], _heard.Events);
    }

    [Fact]
    public void Events_AfterTheEnd_ReachNobody()
    {
        AsyncHttpStream stream = _client.Start("c", _heard)!;
        stream.SendHeaders(new HeaderMap(), endStream: false);
        _client.Connect();
        stream.Reset();

        _client.ResetByPeer(StreamResetReason.RemoteReset);
        _client.RespondData("late"u8);

        Assert.Empty(_heard.Events);
    }

    private sealed class Recorder : AsyncStreamCallbacks
    {
        public List<string> Events { get; } = [];

        public override void OnHeaders(HeaderMap headers, bool endStream) => Events.Add($"headers {headers.Status}");

        public override void OnData(in Slice data, bool endStream) =>
            Events.Add($"data {Encoding.ASCII.GetString(data.Span)}{(endStream ? " end" : string.Empty)}");

        public override void OnTrailers(HeaderMap trailers) => Events.Add("trailers");

        public override void OnReset(StreamResetReason reason, string detail) => Events.Add($"reset {reason}");
    }
}
