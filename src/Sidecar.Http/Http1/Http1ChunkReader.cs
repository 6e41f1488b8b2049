using System;

namespace Sidecar.Http.Http1;

/// <summary>What the chunked coding's next bytes were.</summary>
internal enum Http1ChunkStatus : byte
{
    NeedMore = 0,

    /// <summary>A piece of the body.</summary>
    Data,

    /// <summary>The line of the last chunk was taken; the trailer section follows.</summary>
    Last,

    Broken,
}

/// <summary>
/// The chunked transfer coding (RFC 9112 section 7.1), resumable at any byte. Extensions are checked, bounded and dropped.
/// </summary>
/// <remarks><code>
///   size line:  1*HEXDIG [ ";" extension ] CRLF      data:  size bytes CRLF      last chunk:  1*"0" [ ";" ... ] CRLF
/// </code></remarks>
internal struct Http1ChunkReader
{
    /// <summary>15 digits stay below 2^60: no overflow to check for.</summary>
    private const int MaxSizeDigits = 15;

    /// <summary>Most bytes of extensions in one body; nobody uses them, and a flood of them costs us without any payload.</summary>
    private const int MaxExtensionBytes = 16 * 1024;

    private State _state;
    private byte _digits;
    private int _extensionBytes;

    private enum State : byte
    {
        Size = 0,
        Extension,
        SizeLineFeed,
        Data,
        DataCarriageReturn,
        DataLineFeed,
    }

    /// <summary>Bytes of the current chunk still to come.</summary>
    public long Left { get; private set; }

    /// <summary>The chunk's data has been taken whole; its CRLF comes next.</summary>
    public readonly bool AtChunkEnd => _state == State.DataCarriageReturn;

    /// <summary>Takes framing until data, the last chunk's line or the end of the bytes; data is [offset - length, offset).</summary>
    public Http1ChunkStatus Read(ReadOnlySpan<byte> bytes, ref int offset, out int length)
    {
        length = 0;
        while (offset < bytes.Length)
        {
            if (_state == State.Data)
            {
                length = (int)Math.Min(Left, bytes.Length - offset);
                offset += length;
                Left -= length;
                if (Left == 0)
                {
                    _state = State.DataCarriageReturn;
                }

                return Http1ChunkStatus.Data;
            }

            bool wasSizeLine = _state == State.SizeLineFeed;
            if (!TakeFraming(bytes[offset++]))
            {
                return Http1ChunkStatus.Broken;
            }

            if (wasSizeLine && Left == 0)
            {
                return Http1ChunkStatus.Last;
            }
        }

        return Http1ChunkStatus.NeedMore;
    }

    private bool TakeFraming(byte b)
    {
        switch (_state)
        {
            case State.Size:
                return TakeSize(b);

            case State.Extension:
                if (b == '\r')
                {
                    _state = State.SizeLineFeed;
                    return true;
                }

                return (b == '\t' || (b >= 0x20 && b != 0x7f)) && ++_extensionBytes <= MaxExtensionBytes;

            case State.SizeLineFeed:
                _state = Left == 0 ? State.Size : State.Data;
                _digits = 0;
                return b == '\n';

            case State.DataCarriageReturn:
                _state = State.DataLineFeed;
                return b == '\r';

            default:
                _state = State.Size;
                return b == '\n';
        }
    }

    private bool TakeSize(byte b)
    {
        int digit = (uint)(b - '0') <= 9 ? b - '0' : (uint)((b | 0x20) - 'a') <= 5 ? (b | 0x20) - 'a' + 10 : -1;
        if (digit >= 0)
        {
            Left = (Left << 4) | (uint)digit;
            return ++_digits <= MaxSizeDigits;
        }

        _state = b == '\r' ? State.SizeLineFeed : State.Extension;
        return _digits > 0 && (b == (byte)'\r' || b == (byte)';');
    }
}
