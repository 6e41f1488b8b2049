using System;
using System.Buffers.Binary;
using System.Text;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Headers;
using Sidecar.Http.Http2.FlowControl;
using Sidecar.Http.Http2.Hpack;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2.Frames;

/// <summary>Writes frames into the connection's output and counts them. Thread: the worker.</summary>
internal sealed class FrameWriter
{
    /// <summary>DATA up to this size is copied behind its header in one piece; larger ones may go by reference.</summary>
    private const int CopyBelowBytes = BufferChain.CopyBelowBytes;

    private readonly BufferChain _output;
    private readonly HpackEncoder _encoder;
    private readonly Http2StreamPool _pool;
    private FloodGuard _flood;

    public FrameWriter(BufferChain output, HpackEncoder encoder, Http2StreamPool pool, FloodGuard flood)
    {
        _output = output;
        _encoder = encoder;
        _pool = pool;
        _flood = flood;
    }

    /// <summary>The connection's constraints, inbound ones too.</summary>
    public ref FloodGuard Flood => ref _flood;

    /// <summary>The client's preface.</summary>
    public void WritePreface() => _output.Append(Http2Preface.Bytes);

    /// <summary>Our SETTINGS: only what differs from the RFC's initial values.</summary>
    public void WriteSettings(Http2Settings settings, bool isServer)
    {
        Span<byte> frame = stackalloc byte[FrameHeader.Bytes + (5 * 6)];
        int at = FrameHeader.Bytes;
        if (settings.HpackTableBytes != HpackDecoder.DefaultTableBytes)
        {
            at = AddSetting(frame, at, SettingId.HeaderTableSize, (uint)settings.HpackTableBytes);
        }

        if (!isServer)
        {
            at = AddSetting(frame, at, SettingId.EnablePush, 0);
        }

        if (isServer)
        {
            at = AddSetting(frame, at, SettingId.MaxConcurrentStreams, settings.MaxConcurrentStreams);
        }

        at = AddSetting(frame, at, SettingId.InitialWindowSize, (uint)settings.InitialStreamWindowBytes);
        if (isServer && settings.AllowConnect)
        {
            at = AddSetting(frame, at, SettingId.EnableConnectProtocol, 1);
        }

        FrameHeader.Write(frame, at - FrameHeader.Bytes, FrameType.Settings, FrameFlags.None, 0);
        _output.Append(frame[..at]);
        _flood.OnControlFrameSent();
    }

    public void WriteSettingsAck()
    {
        Span<byte> frame = Start(0, FrameType.Settings, FrameFlags.Ack, 0);
        _output.Commit(frame.Length);
        _flood.OnControlFrameSent();
    }

    public void WritePing(ulong payload, FrameFlags flags)
    {
        Span<byte> frame = Start(8, FrameType.Ping, flags, 0);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FrameHeader.Bytes..], payload);
        _output.Commit(frame.Length);
        _flood.OnControlFrameSent();
    }

    public void WriteRstStream(uint streamId, uint code)
    {
        Span<byte> frame = Start(4, FrameType.RstStream, FrameFlags.None, streamId);
        BinaryPrimitives.WriteUInt32BigEndian(frame[FrameHeader.Bytes..], code);
        _output.Commit(frame.Length);
        _flood.OnControlFrameSent();
    }

    public void WriteWindowUpdate(uint streamId, int increment)
    {
        Span<byte> frame = Start(4, FrameType.WindowUpdate, FrameFlags.None, streamId);
        BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.Bytes..], increment);
        _output.Commit(frame.Length);
        _flood.OnFrameSent();
    }

    /// <summary>GOAWAY; the error's details travel as debug data.</summary>
    public void WriteGoAway(uint lastStreamId, Http2ErrorCode code, ErrorDetail? detail)
    {
        int debugBytes = detail?.Details.Length ?? 0;
        Span<byte> frame = Start(8 + debugBytes, FrameType.GoAway, FrameFlags.None, 0);
        BinaryPrimitives.WriteUInt32BigEndian(frame[FrameHeader.Bytes..], lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(frame[(FrameHeader.Bytes + 4)..], (uint)code);
        if (detail is not null)
        {
            Encoding.ASCII.GetBytes(detail.Details, frame[(FrameHeader.Bytes + 8)..]);
        }

        _output.Commit(frame.Length);
        _flood.OnFrameSent();
    }

    /// <summary>A header block, straight into the output when it surely fits one frame.</summary>
    public void WriteHeaders(uint streamId, HeaderMap headers, bool endStream)
    {
        int bound = HpackEncoder.MaxEncodedBytes(headers);
        FrameFlags end = endStream ? FrameFlags.EndStream : FrameFlags.None;
        if (bound > FrameHeader.MaxPayloadBytes - FrameHeader.Bytes)
        {
            WriteLongHeaders(streamId, headers, bound, end);
            return;
        }

        Span<byte> frame = _output.Reserve(FrameHeader.Bytes + bound);
        int length = _encoder.Encode(headers, frame[FrameHeader.Bytes..]);
        FrameHeader.Write(frame, length, FrameType.Headers, FrameFlags.EndHeaders | end, streamId);
        _output.Commit(FrameHeader.Bytes + length);
        _flood.OnFrameSent();
    }

    /// <summary>The header of a DATA frame whose payload the caller appends.</summary>
    public void WriteDataHeader(uint streamId, int length, bool endStream)
    {
        Span<byte> frame = _output.Reserve(FrameHeader.Bytes);
        FrameHeader.Write(frame, length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId);
        _output.Commit(FrameHeader.Bytes);
        _flood.OnDataFrameSent();
    }

    /// <summary>One DATA frame.</summary>
    public void WriteData(uint streamId, in Slice data, bool endStream)
    {
        if (data.Length >= CopyBelowBytes)
        {
            WriteDataHeader(streamId, data.Length, endStream);
            _output.Append(data);
            return;
        }

        Span<byte> frame = _output.Reserve(FrameHeader.Bytes + data.Length);
        FrameHeader.Write(frame, data.Length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId);
        data.Span.CopyTo(frame[FrameHeader.Bytes..]);
        _output.Commit(FrameHeader.Bytes + data.Length);
        _flood.OnDataFrameSent();
    }

    private static int AddSetting(Span<byte> frame, int at, SettingId id, uint value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame[at..], (ushort)id);
        BinaryPrimitives.WriteUInt32BigEndian(frame[(at + 2)..], value);
        return at + 6;
    }

    private Span<byte> Start(int length, FrameType type, FrameFlags flags, uint streamId)
    {
        Span<byte> frame = _output.Reserve(FrameHeader.Bytes + length)[..(FrameHeader.Bytes + length)];
        FrameHeader.Write(frame, length, type, flags, streamId);
        return frame;
    }

    private void WriteLongHeaders(uint streamId, HeaderMap headers, int bound, FrameFlags end)
    {
        Span<byte> scratch = _pool.Scratch(bound);
        ReadOnlySpan<byte> block = scratch[.._encoder.Encode(headers, scratch)];
        FrameType type = FrameType.Headers;
        Span<byte> header = stackalloc byte[FrameHeader.Bytes];
        do
        {
            int length = Math.Min(block.Length, FrameHeader.MaxPayloadBytes);
            FrameFlags flags = length == block.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            FrameHeader.Write(header, length, type, flags | end, streamId);
            _output.Append(header);
            _output.Append(block[..length]);
            _flood.OnFrameSent();
            block = block[length..];
            type = FrameType.Continuation;
            end = FrameFlags.None;
        }
        while (!block.IsEmpty);
    }
}
