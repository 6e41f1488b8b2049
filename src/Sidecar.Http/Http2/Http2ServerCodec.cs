using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// The server side of an HTTP/2 connection (RFC 9113). Takes the client's preface itself. Owned by the downstream connection; timers
/// (keepalive, flush timeout) are its owner's, the methods that they call are here. Thread: the worker.
/// </summary>
public sealed class Http2ServerCodec : ServerCodec, IHttp2Side
{
    private readonly Http2Connection _connection;
    private readonly ServerCodecOwner _owner;
    private bool _started;

    /// <param name="transport">The connection below.</param>
    /// <param name="owner">The connection manager.</param>
    /// <param name="settings">The listener's options.</param>
    /// <param name="pool">The worker's.</param>
    /// <param name="stats">An instance of <see cref="Http2Stats.Table"/>.</param>
    public Http2ServerCodec(CodecTransport transport, ServerCodecOwner owner, Http2Settings settings, Http2StreamPool pool, StatBlock stats)
    {
        _owner = owner;
        _connection = new Http2Connection(transport, this, settings, pool, stats, isServer: true);
    }

    public override HttpProtocol Protocol => HttpProtocol.Http2;

    public override int ActiveStreams => _connection.Streams.Count;

    /// <inheritdoc/>
    public override bool WantsClose => _connection.IsGoingAway;

    /// <summary>A PING of <see cref="SendPing"/> has not been answered.</summary>
    public bool IsPingPending => _connection.Dispatcher.PendingPing != 0;

    public override ErrorDetail? OnData(in Slice data)
    {
        if (_started)
        {
            return _connection.OnData(data);
        }

        _started = true;
        _connection.Enter();
        _connection.Start();
        ErrorDetail? error = _connection.OnData(data);
        _connection.Leave();
        return error;
    }

    public override void OnEndOfStream()
    {
        // Responses under way may still be written; whether to wait for them is the owner's choice.
    }

    public override void ShutdownNotice() => _connection.ShutdownNotice();

    public override void GoAway() => _connection.GoAway();

    public override void OnTransportWatermark(bool above) => _connection.OnTransportWatermark(above);

    public override void OnConnectionClosed(StreamResetReason reason) => _connection.OnConnectionClosed(reason);

    /// <summary>
    /// For <c>connection_keepalive.interval</c>: sends a PING; when it is still pending after the timeout call <see cref="OnPingTimeout"/>.
    /// </summary>
    public void SendPing() => _connection.Dispatcher.SendPing();

    /// <summary>For <c>connection_keepalive.timeout</c>: counts it; the caller closes the connection with this detail.</summary>
    public ErrorDetail OnPingTimeout() => _connection.Dispatcher.OnPingTimeout();

    /// <summary>Resets responses that are complete but held by flow control without progress for this long; how many.</summary>
    public int ResetStalled(long timeoutNs) => _connection.Streams.ResetStalled(timeoutNs);

    ErrorDetail? IHttp2Side.OnHeaderBlock(uint streamId, bool endStream, ReadOnlySpan<byte> block)
    {
        if (_connection.Streams.Find(streamId) is { } open)
        {
            return _connection.Messages.OnTrailers(open, endStream, block, MessageKind.RequestTrailers);
        }

        if ((streamId & 1) == 0)
        {
            return Http2Errors.StreamIdOfFrame;
        }

        if (streamId <= _connection.Streams.Recent.HighestStreamId)
        {
            return _connection.Messages.OnBlockOfClosedStream(streamId, block);
        }

        bool isPastGoAway = _connection.IsGoingAway;
        if (isPastGoAway || _connection.Streams.Count >= _connection.Settings.MaxConcurrentStreams)
        {
            return Refuse(streamId, isPastGoAway, block);
        }

        _connection.Streams.Recent.Advance(streamId);
        Http2Stream stream = _connection.Streams.Open(streamId);
        StreamReceiver receiver = _owner.OnNewStream(stream);
        if (stream.IsRetired)
        {
            return _connection.Messages.Discard(block);
        }

        _connection.Streams.Attach(stream, receiver);
        return OnRequest(stream, receiver, endStream, block);
    }

    void IHttp2Side.OnGoAway(uint lastStreamId) => _owner.OnGoAway();

    void IHttp2Side.OnPeerSettings()
    {
    }

    void IHttp2Side.OnStreamRecycled() => _owner.OnStreamClosed();

    private ErrorDetail? OnRequest(Http2Stream stream, StreamReceiver receiver, bool endStream, ReadOnlySpan<byte> block)
    {
        HeaderMap headers = receiver.HeadersToFill;
        ErrorDetail? broken = _connection.Messages.Decode(headers, MessageKind.Request, block, out ErrorDetail? fault);
        if (broken is not null)
        {
            return broken;
        }

        if (fault is not null)
        {
            return _connection.Messages.OnFault(stream, fault);
        }

        UpgradeTranslation.OnRequest(stream, headers);
        return _connection.Messages.OnHead(stream, endStream, _connection.Pool.Builder.ContentLength);
    }

    /// <summary>
    /// Beyond the limit the client may try again (REFUSED_STREAM); after the final GOAWAY it knows already (RFC 9113 section 6.8).
    /// </summary>
    private ErrorDetail? Refuse(uint streamId, bool isPastGoAway, ReadOnlySpan<byte> block)
    {
        ErrorDetail? broken = _connection.Messages.Discard(block);
        if (broken is not null)
        {
            return broken;
        }

        _connection.Streams.Recent.Advance(streamId);
        if (isPastGoAway)
        {
            _connection.Streams.Recent.MarkReset(streamId);
            return null;
        }

        _connection.Stats.Increment(Http2Stat.StreamRefusedErrors);
        _connection.Streams.WriteReset(streamId, Http2ErrorCode.RefusedStream);
        return _connection.Writer.Flood.Error;
    }
}
