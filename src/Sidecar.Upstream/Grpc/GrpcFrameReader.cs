using System;
using System.Buffers.Binary;

namespace Sidecar.Upstream.Grpc;

/// <summary>What became of a piece of a gRPC body.</summary>
public enum GrpcFrameStatus : byte
{
    /// <summary>All of it was taken; no message is complete.</summary>
    Ok = 0,

    /// <summary>A message is complete; the rest of the piece is still to be read.</summary>
    Message,

    /// <summary>A message is longer than allowed.</summary>
    TooLarge,

    /// <summary>A message is compressed; we offer no compression.</summary>
    Compressed,
}

/// <summary>
/// Length-prefixed messages out of body pieces of any size. A message's memory grows with what has arrived, not with what its prefix
/// claims. gRPC over HTTP/2, "Length-Prefixed-Message". One stream, one thread.
/// </summary>
public sealed class GrpcFrameReader
{
    public const int PrefixBytes = 5;

    private const int FirstCapacity = 4096;

    private readonly int _maxMessageBytes;
    private readonly byte[] _prefix = new byte[PrefixBytes];
    private byte[] _body = [];
    private int _prefixLength;
    private int _bodyLength;
    private int _expected = -1;

    public GrpcFrameReader(int maxMessageBytes) => _maxMessageBytes = maxMessageBytes;

    /// <summary>A message has begun and is not complete: the end of the stream now is an error.</summary>
    public bool IsInsideMessage => _prefixLength > 0;

    /// <summary>Reads on; call again with the rest as long as it returns <see cref="GrpcFrameStatus.Message"/>.</summary>
    /// <param name="data">The piece; what was read is cut off its start.</param>
    /// <param name="message">The complete message; the caller's to keep.</param>
    public GrpcFrameStatus Read(ref ReadOnlySpan<byte> data, out ReadOnlyMemory<byte> message)
    {
        message = default;
        if (_expected < 0)
        {
            GrpcFrameStatus status = ReadPrefix(ref data);
            if (status != GrpcFrameStatus.Ok || _expected < 0)
            {
                return status;
            }
        }

        int n = Math.Min(data.Length, _expected - _bodyLength);
        Grow(_bodyLength + n);
        data[..n].CopyTo(_body.AsSpan(_bodyLength));
        _bodyLength += n;
        data = data[n..];
        if (_bodyLength < _expected)
        {
            return GrpcFrameStatus.Ok;
        }

        message = _body.AsMemory(0, _bodyLength);
        _body = [];
        _bodyLength = 0;
        _prefixLength = 0;
        _expected = -1;
        return GrpcFrameStatus.Message;
    }

    /// <summary>Writes a message's prefix.</summary>
    public static void WritePrefix(Span<byte> destination, int messageBytes)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)messageBytes);
    }

    private GrpcFrameStatus ReadPrefix(ref ReadOnlySpan<byte> data)
    {
        int n = Math.Min(data.Length, PrefixBytes - _prefixLength);
        data[..n].CopyTo(_prefix.AsSpan(_prefixLength));
        _prefixLength += n;
        data = data[n..];
        if (_prefixLength < PrefixBytes)
        {
            return GrpcFrameStatus.Ok;
        }

        if (_prefix[0] != 0)
        {
            return GrpcFrameStatus.Compressed;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
        if (length > (uint)_maxMessageBytes)
        {
            return GrpcFrameStatus.TooLarge;
        }

        _expected = (int)length;
        return GrpcFrameStatus.Ok;
    }

    private void Grow(int needed)
    {
        if (needed > _body.Length)
        {
            long doubled = Math.Max(FirstCapacity, (long)_body.Length * 2);
            Array.Resize(ref _body, (int)Math.Min(_expected, Math.Max(doubled, needed)));
        }
    }
}
