using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Sidecar.ControlPlane.Grpc;

/// <summary>What a look for the next message found.</summary>
public enum GrpcFrameStatus : byte
{
    /// <summary>The message is not there yet.</summary>
    Incomplete = 0,
    Message,
    TooLarge,
    Compressed,
    BadFlag,
}

/// <summary>
/// gRPC's length-prefixed messages: a flag byte, a length of four bytes, the message ("Length-Prefixed-Message" in the gRPC over
/// HTTP/2 protocol). Bytes in, messages out; no sockets, any thread.
/// </summary>
public static class GrpcFrame
{
    /// <summary>Bytes before the message.</summary>
    public const int PrefixBytes = 5;

    /// <summary>Takes the next message off the front of <paramref name="buffer"/>, if it is whole.</summary>
    /// <param name="buffer">What has arrived; left behind the message if there is one, else untouched.</param>
    /// <param name="maxMessageBytes">A longer message is refused as soon as its prefix is seen.</param>
    /// <param name="message">The message, borrowed from the buffer.</param>
    public static GrpcFrameStatus TryRead(ref ReadOnlySequence<byte> buffer, int maxMessageBytes, out ReadOnlySequence<byte> message)
    {
        message = default;
        if (buffer.Length < PrefixBytes)
        {
            return GrpcFrameStatus.Incomplete;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            return prefix[0] == 1 ? GrpcFrameStatus.Compressed : GrpcFrameStatus.BadFlag;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > (uint)maxMessageBytes)
        {
            return GrpcFrameStatus.TooLarge;
        }

        if (buffer.Length < PrefixBytes + length)
        {
            return GrpcFrameStatus.Incomplete;
        }

        message = buffer.Slice(PrefixBytes, length);
        buffer = buffer.Slice(PrefixBytes + (long)length);
        return GrpcFrameStatus.Message;
    }

    /// <summary>Appends an uncompressed message with its prefix.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> prefix = output.GetSpan(PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)message.Length);
        output.Advance(PrefixBytes);
        output.Write(message);
    }
}
