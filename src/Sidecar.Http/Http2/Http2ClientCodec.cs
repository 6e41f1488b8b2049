using System;
using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// The client side of an HTTP/2 connection (RFC 9113). Writes the preface when it is made. Owned by a pooled connection; timers are
/// its owner's. Thread: the worker.
/// </summary>
public sealed class Http2ClientCodec : ClientCodec, IHttp2Side
{
    private readonly Http2Connection _connection;
    private readonly ClientCodecOwner _owner;
    private uint _lastMaxConcurrentStreams;
    private bool _isUnusable;

    /// <param name="transport">The connection below.</param>
    /// <param name="owner">The pooled connection.</param>
    /// <param name="settings">The cluster's options.</param>
    /// <param name="pool">The worker's.</param>
    /// <param name="stats">An instance of <see cref="Http2Stats.Table"/>.</param>
    public Http2ClientCodec(CodecTransport transport, ClientCodecOwner owner, Http2Settings settings, Http2StreamPool pool, StatBlock stats)
    {
        _owner = owner;
        _connection = new Http2Connection(transport, this, settings, pool, stats, isServer: false);
        _lastMaxConcurrentStreams = MaxConcurrentStreams;
        _connection.Enter();
        _connection.Start();
        _connection.Leave();
    }

    public override HttpProtocol Protocol => HttpProtocol.Http2;

    public override int ActiveStreams => _connection.Streams.Count;

    /// <summary>The lower of the peer's limit and our own.</summary>
    public override uint MaxConcurrentStreams => Math.Min(_connection.Peer.MaxConcurrentStreams, _connection.Settings.MaxConcurrentStreams);

    /// <summary>The peer takes extended CONNECT (RFC 8441): upgrades may be sent here.</summary>
    public bool PeerAllowsConnectProtocol => _connection.Peer.AllowsConnectProtocol;

    /// <summary>A PING of <see cref="SendPing"/> has not been answered.</summary>
    public bool IsPingPending => _connection.Dispatcher.PendingPing != 0;

    public override StreamSender NewStream(StreamReceiver responseReceiver)
    {
        Debug.Assert(!_isUnusable, "no stream after GOAWAY or the last id");
        _connection.Enter();
        Http2Stream stream = _connection.Streams.OpenNext();
        _connection.Streams.Attach(stream, responseReceiver);
        if (_connection.Streams.NextStreamId > FrameHeader.MaxStreamId && !_isUnusable)
        {
            // The ids are used up: as good as a GOAWAY.
            _isUnusable = true;
            _owner.OnGoAway();
        }

        _connection.Leave();
        return stream;
    }

    public override ErrorDetail? OnData(in Slice data)
    {
        ErrorDetail? error = _connection.OnData(data);
        _isUnusable |= error is not null;
        return error;
    }

    public override void OnEndOfStream()
    {
        // No response can follow, and none is delimited by the close: the owner closes, which resets what is open.
    }

    public override void GoAway() => _connection.GoAway();

    public override void OnTransportWatermark(bool above) => _connection.OnTransportWatermark(above);

    public override void OnConnectionClosed(StreamResetReason reason) => _connection.OnConnectionClosed(reason);

    /// <inheritdoc cref="Http2ServerCodec.SendPing"/>
    public void SendPing() => _connection.Dispatcher.SendPing();

    /// <inheritdoc cref="Http2ServerCodec.OnPingTimeout"/>
    public ErrorDetail OnPingTimeout() => _connection.Dispatcher.OnPingTimeout();

    /// <inheritdoc cref="Http2ServerCodec.ResetStalled"/>
    public int ResetStalled(long timeoutNs) => _connection.Streams.ResetStalled(timeoutNs);

    /// <summary>For tests of the end of the id space.</summary>
    internal void SkipToStreamId(uint id) => _connection.Streams.NextStreamId = id;

    ErrorDetail? IHttp2Side.OnHeaderBlock(uint streamId, bool endStream, ReadOnlySpan<byte> block)
    {
        if (_connection.Streams.Find(streamId) is not { } stream)
        {
            return _connection.Streams.IsIdle(streamId)
                ? Http2Errors.IdleStream
                : _connection.Messages.OnBlockOfClosedStream(streamId, block);
        }

        return stream.Inbound.State == HalfState.Idle
            ? OnResponse(stream, endStream, block)
            : _connection.Messages.OnTrailers(stream, endStream, block, MessageKind.ResponseTrailers);
    }

    void IHttp2Side.OnGoAway(uint lastStreamId)
    {
        _isUnusable = true;
        for (Http2Stream? stream = _connection.Streams.First; stream is not null; stream = stream.NextActive)
        {
            if (stream.IsRetired || stream.Id <= lastStreamId)
            {
                continue;
            }

            StreamReceiver? receiver = stream.Receiver;
            _connection.Streams.Recent.MarkReset(stream.Id);
            _connection.Streams.Retire(stream);
            receiver?.OnReset(StreamResetReason.RemoteRefusedStreamReset, Http2Errors.RemoteRefused);
        }

        _owner.OnGoAway();
    }

    void IHttp2Side.OnPeerSettings()
    {
        if (MaxConcurrentStreams != _lastMaxConcurrentStreams)
        {
            _lastMaxConcurrentStreams = MaxConcurrentStreams;
            _owner.OnMaxConcurrentStreamsChanged();
        }
    }

    void IHttp2Side.OnStreamRecycled() =>
        _owner.OnStreamClosed(connectionReusable: !_isUnusable && !_connection.IsGoingAway && _connection.IsOpen);

    private ErrorDetail? OnResponse(Http2Stream stream, bool endStream, ReadOnlySpan<byte> block)
    {
        HeaderMap headers = stream.Receiver?.HeadersToFill ?? _connection.Pool.DiscardMap;
        if (stream.Receiver is null)
        {
            headers.Clear();
        }

        ErrorDetail? broken = _connection.Messages.Decode(headers, MessageKind.Response, block, out ErrorDetail? fault);
        if (broken is not null)
        {
            return broken;
        }

        // 101 does not exist in HTTP/2 (RFC 9113 section 8.6), and what is informational does not end a message.
        int status = headers.Status;
        if (fault is null && status < 200 && (endStream || status == 101))
        {
            fault = Http2Errors.MessagingViolation;
        }

        if (fault is not null)
        {
            return _connection.Messages.OnFault(stream, fault);
        }

        if (status < 200)
        {
            stream.Receiver?.OnInformationalHeaders();
            return null;
        }

        long length = HasNoBody(stream, status) ? 0 : _connection.Pool.Builder.ContentLength;
        UpgradeTranslation.OnResponse(stream, headers);
        return _connection.Messages.OnHead(stream, endStream, length);
    }

    /// <summary>RFC 9110 section 6.4.1: content-length then does not speak of this message.</summary>
    private static bool HasNoBody(Http2Stream stream, int status) => stream.IsHeadRequest || status is 204 or 304;
}
