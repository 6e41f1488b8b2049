using System;
using System.Buffers.Binary;
using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2;

/// <summary>
/// What each frame but DATA does (RFC 9113 section 6). Every method returns the connection error, or null. Thread: the worker.
/// </summary>
internal sealed class FrameDispatcher
{
    private const int PriorityBytes = 5;

    private readonly Http2Connection _connection;
    private bool _sawSettings;
    private bool _settingsAcknowledged;

    public FrameDispatcher(Http2Connection connection) => _connection = connection;

    /// <summary>Payload of the PING that waits for its reply, 0 when none does.</summary>
    public ulong PendingPing { get; private set; }

    public bool IsOpen => _connection.IsOpen;

    /// <summary>Before a frame's payload is looked at.</summary>
    public ErrorDetail? Check(in FrameHeader frame)
    {
        if (!_sawSettings)
        {
            // RFC 9113 section 3.4: the preface of either side is followed by SETTINGS.
            if (frame.Type != FrameType.Settings || (frame.Flags & FrameFlags.Ack) != 0)
            {
                return Http2Errors.SettingsExpected;
            }

            _sawSettings = true;
        }

        return FrameRules.Check(frame, _connection.Assembler.StreamId);
    }

    /// <summary>A whole frame, its header checked.</summary>
    public ErrorDetail? OnFrame(in FrameHeader frame, ReadOnlySpan<byte> payload) => frame.Type switch
    {
        FrameType.Headers => OnHeaders(frame, payload),
        FrameType.Continuation => OnContinuation(frame, payload),
        FrameType.WindowUpdate => OnWindowUpdate(frame.StreamId, payload),
        FrameType.Settings => OnSettings(frame, payload),
        FrameType.RstStream => OnRstStream(frame.StreamId, payload),
        FrameType.Ping => OnPing(frame, payload),
        FrameType.GoAway => OnGoAway(payload),
        FrameType.Priority => OnPriority(frame.StreamId, payload),
        _ => Http2Errors.PushPromise,
    };

    /// <summary>Asks for a sign of life.</summary>
    public void SendPing()
    {
        PendingPing = (ulong)_connection.NowNs | 1;
        _connection.SendPing(PendingPing);
    }

    /// <summary>None came in time.</summary>
    public ErrorDetail OnPingTimeout()
    {
        _connection.Stats.Increment(Http2Stat.KeepaliveTimeout);
        return Http2Errors.KeepaliveTimeout;
    }

    private ErrorDetail? OnHeaders(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        int start = 0;
        int padding = 0;
        if (frame.Padded)
        {
            if (payload.IsEmpty)
            {
                return Http2Errors.FrameSize;
            }

            padding = payload[0];
            start = 1;
        }

        if ((frame.Flags & FrameFlags.Priority) != 0)
        {
            if (payload.Length < start + PriorityBytes)
            {
                return Http2Errors.FrameSize;
            }

            if (DependsOn(payload[start..]) == frame.StreamId)
            {
                return Http2Errors.SelfDependency;
            }

            start += PriorityBytes;
        }

        if (padding > payload.Length - start)
        {
            return Http2Errors.Padding;
        }

        ReadOnlySpan<byte> fragment = payload[start..^padding];
        ErrorDetail? flood = _connection.Writer.Flood.OnMessageFrame(!fragment.IsEmpty || frame.EndStream);
        if (flood is not null)
        {
            return flood;
        }

        if (frame.EndHeaders)
        {
            _connection.Writer.Flood.OnHeaderBlock();
            return _connection.Side.OnHeaderBlock(frame.StreamId, frame.EndStream, fragment);
        }

        _connection.Assembler.Begin(frame.StreamId, frame.EndStream, fragment);
        return null;
    }

    private ErrorDetail? OnContinuation(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        HeaderBlockAssembler assembler = _connection.Assembler;
        ErrorDetail? error = _connection.Writer.Flood.OnMessageFrame(!payload.IsEmpty) ?? assembler.Add(payload);
        if (error is not null || !frame.EndHeaders)
        {
            return error;
        }

        _connection.Writer.Flood.OnHeaderBlock();
        bool endStream = assembler.EndStream;
        return _connection.Side.OnHeaderBlock(frame.StreamId, endStream, assembler.Take(_connection.Pool));
    }

    private ErrorDetail? OnWindowUpdate(uint streamId, ReadOnlySpan<byte> payload)
    {
        ErrorDetail? flood = _connection.Writer.Flood.OnWindowUpdate();
        if (flood is not null)
        {
            return flood;
        }

        int increment = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (streamId == 0)
        {
            if (increment == 0)
            {
                return Http2Errors.ZeroIncrement;
            }

            if (!_connection.Scheduler.TryOpen(increment))
            {
                return Http2Errors.WindowOverflow;
            }

            _connection.Streams.Pump();
            return null;
        }

        if (_connection.Streams.Find(streamId) is not { } stream)
        {
            return _connection.Streams.IsIdle(streamId) ? Http2Errors.IdleStream : null;
        }

        if (increment == 0 || !_connection.Scheduler.TryOpen(stream, increment))
        {
            _connection.Streams.Fail(stream, increment == 0 ? Http2Errors.StreamZeroIncrement : Http2Errors.StreamWindowOverflow);
            return null;
        }

        _connection.Streams.Pump();
        return null;
    }

    private ErrorDetail? OnSettings(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if ((frame.Flags & FrameFlags.Ack) != 0)
        {
            return OnSettingsAck(payload.Length);
        }

        int oldWindow = _connection.Peer.InitialWindowBytes;
        ErrorDetail? error = _connection.Peer.Apply(payload, peerIsServer: !_connection.IsServer);
        if (error is not null)
        {
            return error;
        }

        _connection.Encoder.SetPeerLimit(_connection.Peer.HeaderTableBytes);
        int difference = _connection.Peer.InitialWindowBytes - oldWindow;
        if (difference != 0)
        {
            // RFC 9113 section 6.9.2: open streams follow, also below zero.
            for (Http2Stream? stream = _connection.Streams.First; stream is not null; stream = stream.NextActive)
            {
                if (!_connection.Scheduler.TryOpen(stream, difference))
                {
                    return Http2Errors.WindowOverflow;
                }
            }
        }

        _connection.Writer.WriteSettingsAck();
        _connection.Streams.Pump();
        _connection.Side.OnPeerSettings();
        return null;
    }

    private ErrorDetail? OnSettingsAck(int payloadBytes)
    {
        if (payloadBytes != 0)
        {
            return Http2Errors.FrameSize;
        }

        if (_settingsAcknowledged)
        {
            return Http2Errors.UnexpectedSettingsAck;
        }

        _settingsAcknowledged = true;
        _connection.Decoder.SetLimit(_connection.Settings.HpackTableBytes);
        return null;
    }

    private ErrorDetail? OnRstStream(uint streamId, ReadOnlySpan<byte> payload)
    {
        if (_connection.Streams.Find(streamId) is not { } stream)
        {
            return _connection.Streams.IsIdle(streamId) ? Http2Errors.IdleStream : null;
        }

        _connection.Stats.Increment(Http2Stat.RxReset);
        StreamReceiver? receiver = stream.Receiver;
        _connection.Streams.Retire(stream);
        switch ((Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload))
        {
            case Http2ErrorCode.RefusedStream:
                receiver?.OnReset(StreamResetReason.RemoteRefusedStreamReset, Http2Errors.RemoteRefused);
                break;
            case Http2ErrorCode.ConnectError:
                receiver?.OnReset(StreamResetReason.ConnectError, Http2Errors.RemoteReset);
                break;
            default:
                receiver?.OnReset(StreamResetReason.RemoteReset, Http2Errors.RemoteReset);
                break;
        }

        return null;
    }

    private ErrorDetail? OnPing(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        ulong value = BinaryPrimitives.ReadUInt64BigEndian(payload);
        if ((frame.Flags & FrameFlags.Ack) == 0)
        {
            _connection.Writer.WritePing(value, FrameFlags.Ack);
        }
        else if (value == PendingPing)
        {
            PendingPing = 0;
        }

        return _connection.Writer.Flood.Error;
    }

    private ErrorDetail? OnGoAway(ReadOnlySpan<byte> payload)
    {
        _connection.Side.OnGoAway(BinaryPrimitives.ReadUInt32BigEndian(payload) & FrameHeader.MaxStreamId);
        return null;
    }

    /// <summary>Priorities are not followed (RFC 9113 section 5.3.2), only counted and checked.</summary>
    private ErrorDetail? OnPriority(uint streamId, ReadOnlySpan<byte> payload) =>
        _connection.Writer.Flood.OnPriority() ?? (DependsOn(payload) == streamId ? Http2Errors.SelfDependency : null);

    private static uint DependsOn(ReadOnlySpan<byte> priority) => BinaryPrimitives.ReadUInt32BigEndian(priority) & FrameHeader.MaxStreamId;
}
