using System;
using System.Buffers.Text;
using System.Diagnostics;
using Sidecar.Core.Buffers;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Http1;

/// <summary>How the body that we send ends.</summary>
internal enum Http1BodyMode : byte
{
    /// <summary>None goes out, whatever is given: HEAD, 204, 304.</summary>
    Discard = 0,

    /// <summary>As many bytes as our content-length said; what is more is dropped, or the peer would take it for the next message.</summary>
    Length,

    Chunked,

    /// <summary>As it comes: a tunnel, or a body that ends with the connection.</summary>
    Raw,
}

/// <summary>The framing of the message that one stream sends. Thread: the worker.</summary>
internal struct Http1BodyWriter
{
    private const int MaxSizeLine = 18;
    private Http1BodyMode _mode;
    private long _left;

    /// <summary>The content-length promised more than was sent, or less: the connection can't go on.</summary>
    public bool IsShort { get; private set; }

    public static Http1BodyWriter Begin(Http1BodyMode mode, long contentLength) => new() { _mode = mode, _left = contentLength };

    /// <summary>Appends a piece; small ones are copied together with their framing.</summary>
    public void Write(BufferChain output, in Slice data)
    {
        int length = Clip(data.Length);
        if (length == 0)
        {
            return;
        }

        if (_mode != Http1BodyMode.Chunked)
        {
            output.Append(data.Part(0, length));
            return;
        }

        if (length < BufferChain.CopyBelowBytes)
        {
            Span<byte> room = output.Reserve(length + MaxSizeLine + 2);
            int at = WriteSizeLine(room, length);
            data.Span.CopyTo(room[at..]);
            "\r\n"u8.CopyTo(room[(at + length)..]);
            output.Commit(at + length + 2);
            return;
        }

        AppendSizeLine(output, length);
        output.Append(data);
        output.Append("\r\n"u8);
    }

    /// <summary>Moves everything out of the chain.</summary>
    public void Write(BufferChain output, BufferChain data)
    {
        long length = Clip(data.Length);
        if (length > 0)
        {
            if (_mode == Http1BodyMode.Chunked)
            {
                AppendSizeLine(output, length);
                output.Move(data, length);
                output.Append("\r\n"u8);
            }
            else
            {
                output.Move(data, length);
            }
        }

        data.Clear();
    }

    /// <summary>Ends the body without trailers.</summary>
    public void End(BufferChain output)
    {
        if (_mode == Http1BodyMode.Chunked)
        {
            output.Append("0\r\n\r\n"u8);
        }

        IsShort |= _mode == Http1BodyMode.Length && _left != 0;
    }

    /// <summary>Ends the body with trailers, which only the chunked coding can carry.</summary>
    public void End(BufferChain output, int slabBytes, HeaderMap trailers, Http1Settings settings)
    {
        if (_mode != Http1BodyMode.Chunked || !settings.EnableTrailers || trailers.IsEmpty)
        {
            End(output);
            return;
        }

        output.Append("0\r\n"u8);
        Http1HeadWriter.WriteTrailers(output, slabBytes, trailers, settings.HeaderCase);
    }

    private int Clip(int length) => (int)Clip((long)length);

    private long Clip(long length)
    {
        switch (_mode)
        {
            case Http1BodyMode.Discard:
                return 0;
            case Http1BodyMode.Length:
                IsShort |= length > _left;
                length = Math.Min(length, _left);
                _left -= length;
                return length;
            default:
                return length;
        }
    }

    private static void AppendSizeLine(BufferChain output, long length)
    {
        Span<byte> room = output.Reserve(MaxSizeLine);
        output.Commit(WriteSizeLine(room, length));
    }

    private static int WriteSizeLine(Span<byte> room, long length)
    {
        bool fits = Utf8Formatter.TryFormat(length, room, out int at, new System.Buffers.StandardFormat('x'));
        Debug.Assert(fits, "the reservation holds a size line");
        room[at] = (byte)'\r';
        room[at + 1] = (byte)'\n';
        return at + 2;
    }
}
