using System;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2.Streams;

namespace Sidecar.Http.Http2.Frames;

/// <summary>
/// Cuts a connection's bytes into frames, however they were cut on the way. Whole frames are handed on where they lie; DATA is handed
/// on as it comes, never gathered; only another frame that is split waits in a slab. Thread: the worker.
/// </summary>
internal sealed class FrameReader
{
    private readonly FrameDispatcher _dispatcher;
    private readonly MessageReceiver _messages;
    private readonly SlabPool _slabs;
    private ReadState _state;
    private FrameHeader _frame;
    private PartialHeader _partial;
    private int _have;
    private int _left;
    private int _padding;
    private Http2Stream? _dataStream;
    private BufferChain? _payload;

    public FrameReader(FrameDispatcher dispatcher, MessageReceiver messages, SlabPool slabs, bool expectsPreface)
    {
        _dispatcher = dispatcher;
        _messages = messages;
        _slabs = slabs;
        _state = expectsPreface ? ReadState.Preface : ReadState.Header;
    }

    private enum ReadState : byte
    {
        Preface = 0,
        Header,
        Payload,
        PadLength,
        Data,
        Skip,
    }

    /// <summary>Takes all of <paramref name="data"/>, or stops at the first connection error or when the connection is closed.</summary>
    public ErrorDetail? Read(in Slice data)
    {
        ReadOnlySpan<byte> bytes = data.Span;
        int position = 0;
        while (_dispatcher.IsOpen)
        {
            ErrorDetail? error = null;
            switch (_state)
            {
                case ReadState.Preface:
                    error = ReadPreface(bytes, ref position);
                    break;
                case ReadState.Header:
                    if (!TryReadHeader(bytes, ref position))
                    {
                        return null;
                    }

                    error = BeginFrame();
                    break;
                case ReadState.Payload:
                    error = ReadPayload(bytes, ref position);
                    break;
                case ReadState.PadLength:
                    if (position == bytes.Length)
                    {
                        return null;
                    }

                    error = BeginPaddedData(bytes[position++]);
                    break;
                case ReadState.Data:
                    int length = Math.Min(_left, bytes.Length - position);
                    if (length == 0 && _left > 0)
                    {
                        return null;
                    }

                    error = DeliverData(data.Part(position, length));
                    position += length;
                    break;
                default:
                    int skipped = Math.Min(_left, bytes.Length - position);
                    position += skipped;
                    _left -= skipped;
                    if (_left == 0)
                    {
                        _state = ReadState.Header;
                    }

                    break;
            }

            if (error is not null)
            {
                return error;
            }

            if (position == bytes.Length && (_state == ReadState.Header || _left > 0))
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>A stream is about to be recycled; the rest of a DATA frame for it is dropped.</summary>
    public void Forget(Http2Stream stream)
    {
        if (ReferenceEquals(_dataStream, stream))
        {
            _dataStream = null;
        }
    }

    public void Release() => _payload?.Clear();

    private ErrorDetail? ReadPreface(ReadOnlySpan<byte> bytes, ref int position)
    {
        ReadOnlySpan<byte> expected = Http2Preface.Bytes[_have..];
        int length = Math.Min(expected.Length, bytes.Length - position);
        if (!bytes.Slice(position, length).SequenceEqual(expected[..length]))
        {
            return Http2Errors.BadPreface;
        }

        position += length;
        _have += length;
        _left = expected.Length - length;
        if (_left == 0)
        {
            _have = 0;
            _state = ReadState.Header;
        }

        return null;
    }

    private bool TryReadHeader(ReadOnlySpan<byte> bytes, ref int position)
    {
        if (_have == 0 && bytes.Length - position >= FrameHeader.Bytes)
        {
            _frame = FrameHeader.Read(bytes[position..]);
            position += FrameHeader.Bytes;
            return true;
        }

        Span<byte> partial = _partial;
        int length = Math.Min(FrameHeader.Bytes - _have, bytes.Length - position);
        bytes.Slice(position, length).CopyTo(partial[_have..]);
        position += length;
        _have += length;
        if (_have < FrameHeader.Bytes)
        {
            return false;
        }

        _frame = FrameHeader.Read(partial);
        _have = 0;
        return true;
    }

    private ErrorDetail? BeginFrame()
    {
        ErrorDetail? error = _dispatcher.Check(_frame);
        if (error is not null)
        {
            return error;
        }

        _left = _frame.Length;
        if (_frame.Type != FrameType.Data)
        {
            _state = FrameRules.IsKnown(_frame.Type) ? ReadState.Payload : ReadState.Skip;
            return null;
        }

        if (_frame.Padded)
        {
            _state = ReadState.PadLength;
            return _left == 0 ? Http2Errors.FrameSize : null;
        }

        return BeginData(padding: 0, overhead: 0);
    }

    private ErrorDetail? BeginPaddedData(byte padding)
    {
        // RFC 9113 section 6.1: padding as long as the payload or longer.
        return padding >= _frame.Length ? Http2Errors.Padding : BeginData(padding, overhead: 1);
    }

    private ErrorDetail? BeginData(int padding, int overhead)
    {
        _left = _frame.Length - overhead - padding;
        _padding = padding;
        _state = ReadState.Data;
        return _messages.BeginData(_frame, _left, out _dataStream);
    }

    private ErrorDetail? DeliverData(in Slice data)
    {
        _left -= data.Length;
        Http2Stream? stream = _dataStream;
        bool last = _left == 0;
        if (last)
        {
            _left = _padding;
            _state = _padding == 0 ? ReadState.Header : ReadState.Skip;
            _dataStream = null;
        }

        return _messages.DeliverData(stream, data, last && _frame.EndStream);
    }

    private ErrorDetail? ReadPayload(ReadOnlySpan<byte> bytes, ref int position)
    {
        if (_left == _frame.Length && bytes.Length - position >= _left)
        {
            ReadOnlySpan<byte> payload = bytes.Slice(position, _left);
            position += _left;
            _left = 0;
            _state = ReadState.Header;
            return _dispatcher.OnFrame(_frame, payload);
        }

        int length = Math.Min(_left, bytes.Length - position);
        _payload ??= new BufferChain(_slabs);
        _payload.Append(bytes.Slice(position, length));
        position += length;
        _left -= length;
        if (_left > 0)
        {
            return null;
        }

        _state = ReadState.Header;
        ErrorDetail? error = _dispatcher.OnFrame(_frame, _payload.Linearize(_frame.Length));
        _payload.Clear();
        return error;
    }

    [System.Runtime.CompilerServices.InlineArray(FrameHeader.Bytes)]
    private struct PartialHeader
    {
        private byte _element;
    }
}
