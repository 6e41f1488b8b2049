using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Messages;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// Messages as they arrive on streams (RFC 9113 section 8): header blocks, bodies and their length, trailers; and what is said on
/// streams that are no more. Every method returns the connection error, or null. Thread: the worker.
/// </summary>
internal sealed class MessageReceiver
{
    private readonly Http2Connection _connection;

    public MessageReceiver(Http2Connection connection) => _connection = connection;

    /// <summary>Decodes a block into a map; <paramref name="fault"/> is what is wrong with the message, if anything.</summary>
    public ErrorDetail? Decode(HeaderMap map, MessageKind kind, ReadOnlySpan<byte> block, out ErrorDetail? fault)
    {
        HeaderBlockBuilder builder = _connection.Pool.Builder;
        builder.Begin(map, kind, _connection.Settings);
        if (!_connection.Decoder.TryDecode(block, builder))
        {
            fault = null;
            return Http2Errors.Compression;
        }

        fault = builder.Finish();
        if (builder.DroppedFields > 0)
        {
            _connection.Stats.Add(Http2Stat.DroppedHeadersWithUnderscores, builder.DroppedFields);
        }

        return null;
    }

    /// <summary>Decodes a block that nobody wants: the compression state must follow.</summary>
    public ErrorDetail? Discard(ReadOnlySpan<byte> block)
    {
        HeaderMap map = _connection.Pool.DiscardMap;
        map.Clear();
        return Decode(map, MessageKind.Discard, block, out _);
    }

    /// <summary>A header block on a stream that is closed.</summary>
    public ErrorDetail? OnBlockOfClosedStream(uint streamId, ReadOnlySpan<byte> block) =>
        Discard(block) ?? (_connection.Streams.Recent.MayStillReceive(streamId) ? null : Http2Errors.ClosedStream);

    /// <summary>
    /// The head of a message is in its map. <paramref name="bodyBytes"/>: the length of the body when the head implies it, else -1.
    /// </summary>
    public ErrorDetail? OnHead(Http2Stream stream, bool endStream, long bodyBytes)
    {
        stream.Inbound.ExpectedBytes = bodyBytes;
        if (endStream && !stream.Inbound.IsLengthKept)
        {
            return OnFault(stream, Http2Errors.MessagingViolation);
        }

        StreamHalf.TryApply(ref stream.Inbound.State, endStream ? HalfEvent.HeadersEnd : HalfEvent.Headers);
        stream.Receiver?.OnHeaders(endStream);
        _connection.Streams.Settle(stream);
        return null;
    }

    /// <summary>A second header block of a message.</summary>
    public ErrorDetail? OnTrailers(Http2Stream stream, bool endStream, ReadOnlySpan<byte> block, MessageKind kind)
    {
        if (stream.Inbound.State == HalfState.Closed)
        {
            ErrorDetail? error = Discard(block);
            if (error is null)
            {
                _connection.Streams.Fail(stream, Http2Errors.StreamClosed);
            }

            return error;
        }

        HeaderMap map = stream.Receiver?.TrailersToFill ?? _connection.Pool.DiscardMap;
        if (stream.Receiver is null)
        {
            map.Clear();
        }

        ErrorDetail? broken = Decode(map, kind, block, out ErrorDetail? fault);
        if (broken is not null)
        {
            return broken;
        }

        // RFC 9113 section 8.1: what follows the body ends the message.
        fault ??= endStream && stream.Inbound.IsLengthKept ? null : Http2Errors.MessagingViolation;
        if (fault is not null)
        {
            return OnFault(stream, fault);
        }

        StreamHalf.TryApply(ref stream.Inbound.State, HalfEvent.Trailers);
        _connection.Stats.Increment(Http2Stat.Trailers);
        stream.Receiver?.OnTrailers();
        _connection.Streams.Settle(stream);
        return null;
    }

    /// <summary>
    /// A DATA frame begins, with <paramref name="dataBytes"/> without its padding. <paramref name="stream"/> is null when the bytes are
    /// to be dropped.
    /// </summary>
    public ErrorDetail? BeginData(in FrameHeader frame, int dataBytes, out Http2Stream? stream)
    {
        stream = null;
        ErrorDetail? flood = _connection.Writer.Flood.OnMessageFrame(dataBytes > 0 || frame.EndStream);
        if (flood is not null)
        {
            return flood;
        }

        // Padding counts, and so does what is dropped (RFC 9113 section 6.1).
        if (!_connection.TryTakeWindow(frame.Length))
        {
            return Http2Errors.WindowExceeded;
        }

        int overhead = frame.Length - dataBytes;
        if (_connection.Streams.Find(frame.StreamId) is not { } found)
        {
            _connection.Consume(overhead);
            if (_connection.Streams.IsIdle(frame.StreamId))
            {
                return Http2Errors.IdleStream;
            }

            return _connection.Streams.Recent.MayStillReceive(frame.StreamId) ? null : Http2Errors.ClosedStream;
        }

        ErrorDetail? error = null;
        if (found.Inbound.State == HalfState.Open && found.Inbound.Window.TryTake(frame.Length))
        {
            stream = found;
        }
        else if (found.Inbound.State == HalfState.Idle)
        {
            // A client's stream whose response has no head yet.
            error = OnFault(found, Http2Errors.MessagingViolation);
        }
        else
        {
            bool hasEnded = found.Inbound.State == HalfState.Closed;
            _connection.Streams.Fail(found, hasEnded ? Http2Errors.StreamClosed : Http2Errors.StreamWindowExceeded);
        }

        if (overhead > 0)
        {
            if (stream is null)
            {
                _connection.Consume(overhead);
            }
            else
            {
                _connection.Consume(stream, overhead);
            }
        }

        return error;
    }

    /// <summary>A piece of a DATA frame; <paramref name="endStream"/> with the last of the last.</summary>
    public ErrorDetail? DeliverData(Http2Stream? stream, in Slice data, bool endStream)
    {
        if (stream is null)
        {
            _connection.Consume(data.Length);
            return null;
        }

        stream.Inbound.ReceivedBytes += data.Length;
        bool tooLong = stream.Inbound.ExpectedBytes >= 0 && stream.Inbound.ReceivedBytes > stream.Inbound.ExpectedBytes;
        if (tooLong || (endStream && !stream.Inbound.IsLengthKept))
        {
            _connection.Consume(data.Length);
            return OnFault(stream, Http2Errors.MessagingViolation);
        }

        if (endStream)
        {
            StreamHalf.TryApply(ref stream.Inbound.State, HalfEvent.DataEnd);
        }

        if (!data.IsEmpty || endStream)
        {
            stream.Receiver?.OnData(data, endStream);
        }

        // Given back after the call: what the receiver could not pass on it has disabled reading for.
        if (stream.IsRetired)
        {
            _connection.Consume(data.Length);
            return null;
        }

        if (stream.Inbound.ReadDisableCount > 0 && stream.Receiver is not null)
        {
            stream.Inbound.HeldBytes += data.Length;
        }
        else
        {
            _connection.Consume(stream, data.Length);
        }

        if (endStream)
        {
            _connection.Streams.Settle(stream);
        }

        return null;
    }

    /// <summary>
    /// A message is against the rules. By default that ends the connection, as in Envoy: a peer that sends one may be about to smuggle
    /// another. Too many headers, and names with underscores, end the stream only.
    /// </summary>
    public ErrorDetail? OnFault(Http2Stream stream, ErrorDetail fault)
    {
        if (ReferenceEquals(fault, Http2Errors.TooManyHeaders))
        {
            _connection.Stats.Increment(Http2Stat.HeaderOverflow);
        }
        else if (ReferenceEquals(fault, Http2Errors.UnexpectedUnderscore))
        {
            _connection.Stats.Increment(Http2Stat.RequestsRejectedWithUnderscoresInHeaders);
        }
        else
        {
            _connection.Stats.Increment(Http2Stat.RxMessagingError);
            if (!_connection.Settings.StreamErrorOnInvalidMessage)
            {
                return Http2Errors.AtConnection(fault);
            }
        }

        _connection.Streams.Fail(stream, fault);
        return null;
    }
}
