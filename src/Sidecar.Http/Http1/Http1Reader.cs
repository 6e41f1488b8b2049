using System;
using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>What <see cref="Http1Reader.Read"/> found.</summary>
internal enum Http1ReadEvent : byte
{
    /// <summary>The input is used up.</summary>
    NeedMore = 0,

    /// <summary>The head is in its map; the codec decides about the body with <see cref="Http1Reader.BeginBody"/>.</summary>
    Head,

    /// <summary>A piece of the body.</summary>
    Data,

    /// <summary>The last piece of the body, and with it the end of the message.</summary>
    DataEnd,

    /// <summary>The end of the message behind the last piece.</summary>
    End,

    /// <summary>Trailers are in their map, and the message is over.</summary>
    Trailers,

    /// <summary>See <see cref="Http1Reader.Error"/>; nothing more can be read.</summary>
    Broken,
}

/// <summary>
/// Reads one message after another from pieces of input cut anywhere: head, body, trailers. It is pulled: each call takes some input
/// and says what it was. One a codec, reused; thread: its worker.
/// </summary>
internal sealed unsafe class Http1Reader
{
    private readonly Http1HeadParser _parser;
    private readonly Http1LineBuffer _line;
    private Phase _phase;
    private long _left;
    private Http1ChunkReader _chunk;
    private HeaderMap? _trailers;

    public Http1Reader(Http1Settings settings, bool isRequest, SlabPool slabs, StatBlock stats)
    {
        _parser = new Http1HeadParser(settings, isRequest, stats);
        _line = new Http1LineBuffer(slabs);
    }

    private enum Phase : byte
    {
        Done = 0,
        Head,
        Length,
        Chunked,
        Trailers,
        Raw,
    }

    /// <summary>The facts of the head; the codec may correct them.</summary>
    public ref Http1Head Head => ref _parser.Head;

    public ErrorDetail? Error => _parser.Error;

    /// <summary>The body goes on until the connection ends.</summary>
    public bool EndsWithConnection => _phase == Phase.Raw;

    /// <summary>Begins a message.</summary>
    public void BeginHead(HeaderMap map)
    {
        _parser.BeginHead(map);
        _phase = Phase.Head;
    }

    /// <summary>After <see cref="Http1ReadEvent.Head"/>: how the body ends. Trailers of a chunked one go to the map.</summary>
    public void BeginBody(Http1BodyKind kind, HeaderMap trailers)
    {
        _left = _parser.Head.ContentLength;
        _trailers = trailers;
        _chunk = default;
        _phase = kind switch
        {
            Http1BodyKind.Length => Phase.Length,
            Http1BodyKind.Chunked => Phase.Chunked,
            Http1BodyKind.UntilClose or Http1BodyKind.Tunnel => Phase.Raw,
            _ => Phase.Done,
        };
    }

    /// <summary>Forgets what it holds; the connection is over.</summary>
    public void Abandon()
    {
        _phase = Phase.Done;
        _line.Clear();
        _trailers = null;
    }

    /// <summary>Takes input from <paramref name="offset"/> on; a piece of body is lent out of <paramref name="data"/>.</summary>
    public Http1ReadEvent Read(in Slice data, ref int offset, out Slice piece)
    {
        piece = default;
        if (offset == data.Length)
        {
            return Http1ReadEvent.NeedMore;
        }

        switch (_phase)
        {
            case Phase.Head:
                return ReadLines(data, ref offset, Http1ReadEvent.Head);

            case Phase.Length:
                int n = (int)Math.Min(_left, data.Length - offset);
                piece = data.Part(offset, n);
                offset += n;
                _left -= n;
                if (_left > 0)
                {
                    return Http1ReadEvent.Data;
                }

                _phase = Phase.Done;
                return Http1ReadEvent.DataEnd;

            case Phase.Chunked:
                return ReadChunked(data, ref offset, out piece);

            case Phase.Trailers:
                return ReadTrailers(data, ref offset);

            case Phase.Raw:
                piece = data.From(offset);
                offset = data.Length;
                return Http1ReadEvent.Data;

            default:
                Debug.Fail("nothing is read between messages");
                return Http1ReadEvent.NeedMore;
        }
    }

    private Http1ReadEvent ReadLines(in Slice data, ref int offset, Http1ReadEvent whenComplete)
    {
        Http1ParseStatus status = Http1ParseStatus.NeedMore;
        if (!_line.IsEmpty)
        {
            status = ReadCutLine(data, ref offset);
        }

        if (status == Http1ParseStatus.NeedMore && offset < data.Length)
        {
            byte* start = data.Slab.Pointer + data.Offset + offset;
            int length = data.Length - offset;
            status = _parser.Parse(start, length, data.Slab.Size - data.Offset - offset, out int consumed);
            offset += consumed;
            if (status == Http1ParseStatus.NeedMore)
            {
                int rest = data.Length - offset;
                if (!_parser.Admits(rest))
                {
                    return Http1ReadEvent.Broken;
                }

                _line.Append(data.Span[offset..]);
                offset = data.Length;
            }
        }

        return status switch
        {
            Http1ParseStatus.Complete => whenComplete,
            Http1ParseStatus.Broken => Http1ReadEvent.Broken,
            _ => Http1ReadEvent.NeedMore,
        };
    }

    /// <summary>Completes the line that was cut, looking only at new bytes for its end: no byte is scanned twice per arrival.</summary>
    private Http1ParseStatus ReadCutLine(in Slice data, ref int offset)
    {
        ReadOnlySpan<byte> fresh = data.Span[offset..];
        int lineFeed = fresh.IndexOf((byte)'\n');
        ReadOnlySpan<byte> taken = lineFeed < 0 ? fresh : fresh[..(lineFeed + 1)];
        if (!_parser.Admits(_line.Length + taken.Length))
        {
            return Http1ParseStatus.Broken;
        }

        _line.Append(taken);
        offset += taken.Length;
        if (lineFeed < 0)
        {
            return Http1ParseStatus.NeedMore;
        }

        Http1ParseStatus status = _parser.Parse(_line.Pointer, _line.Length, _line.Readable, out int consumed);
        bool whole = consumed == _line.Length;
        _line.Clear();
        if (status == Http1ParseStatus.NeedMore && !whole)
        {
            // The line has its LF and still is no line: the LF stands where none may.
            _parser.Reject(_parser.Errors.Codec);
            return Http1ParseStatus.Broken;
        }

        return status;
    }

    private Http1ReadEvent ReadChunked(in Slice data, ref int offset, out Slice piece)
    {
        piece = default;
        ReadOnlySpan<byte> bytes = data.Span;
        switch (_chunk.Read(bytes, ref offset, out int length))
        {
            case Http1ChunkStatus.Data:
                piece = data.Part(offset - length, length);
                ReadOnlySpan<byte> end = "\r\n0\r\n\r\n"u8;
                if (_chunk.AtChunkEnd && bytes[offset..].StartsWith(end))
                {
                    // The common end of a body: told together with its last piece, so that one send carries both.
                    offset += end.Length;
                    _phase = Phase.Done;
                    return Http1ReadEvent.DataEnd;
                }

                return Http1ReadEvent.Data;

            case Http1ChunkStatus.Last:
                _phase = Phase.Trailers;
                _parser.BeginTrailers(_trailers!);
                return ReadTrailers(data, ref offset);

            case Http1ChunkStatus.Broken:
                _parser.Reject(_parser.Errors.Codec);
                return Http1ReadEvent.Broken;

            default:
                return Http1ReadEvent.NeedMore;
        }
    }

    private Http1ReadEvent ReadTrailers(in Slice data, ref int offset)
    {
        Http1ReadEvent found = ReadLines(data, ref offset, Http1ReadEvent.Trailers);
        if (found != Http1ReadEvent.Trailers)
        {
            return found;
        }

        _phase = Phase.Done;
        if (_parser.KeepsTrailers && !_trailers!.IsEmpty)
        {
            return Http1ReadEvent.Trailers;
        }

        _trailers!.Clear();
        return Http1ReadEvent.End;
    }
}
