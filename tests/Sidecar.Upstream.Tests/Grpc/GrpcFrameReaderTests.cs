using System;
using System.Collections.Generic;
using Sidecar.Upstream.Grpc;

namespace Sidecar.Upstream.Tests.Grpc;

public sealed class GrpcFrameReaderTests
{
    private static readonly byte[] s_two = [0, 0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 9];

    [Fact]
    public void Messages_CutAtEveryTwoPositions_ComeOutWhole()
    {
        for (int i = 0; i <= s_two.Length; i++)
        {
            for (int j = i; j <= s_two.Length; j++)
            {
                var reader = new GrpcFrameReader(100);
                List<string> messages = [];
                Feed(reader, s_two.AsSpan(0, i), messages);
                Feed(reader, s_two.AsSpan(i, j - i), messages);
                Feed(reader, s_two.AsSpan(j), messages);

                Assert.Equal(["010203", "", "0809"], messages);
                Assert.False(reader.IsInsideMessage);
            }
        }
    }

    [Fact]
    public void Message_OverTheLimit_IsRefusedByItsPrefix()
    {
        var reader = new GrpcFrameReader(2);
        ReadOnlySpan<byte> data = s_two;

        Assert.Equal(GrpcFrameStatus.TooLarge, reader.Read(ref data, out _));
    }

    [Fact]
    public void Message_Compressed_IsRefused()
    {
        var reader = new GrpcFrameReader(100);
        ReadOnlySpan<byte> data = [1, 0, 0, 0, 0];

        Assert.Equal(GrpcFrameStatus.Compressed, reader.Read(ref data, out _));
    }

    [Fact]
    public void Prefix_ThatClaimsALot_TakesMemoryOnlyForWhatArrived()
    {
        var reader = new GrpcFrameReader(GrpcServiceModel.DefaultMaxMessageBytes);
        byte[] bytes = [0, 6, 0x40, 0, 0, 1, 2];
        ReadOnlySpan<byte> data = bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(GrpcFrameStatus.Ok, reader.Read(ref data, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.True(reader.IsInsideMessage);
    }

    [Fact]
    public void Message_OfManyPieces_IsReassembled()
    {
        var expected = new byte[3_000_000];
        new Random(3).NextBytes(expected);
        var framed = new byte[expected.Length + GrpcFrameReader.PrefixBytes];
        GrpcFrameReader.WritePrefix(framed, expected.Length);
        expected.CopyTo(framed.AsSpan(GrpcFrameReader.PrefixBytes));
        var reader = new GrpcFrameReader(GrpcServiceModel.DefaultMaxMessageBytes);
        byte[]? got = null;
        for (int offset = 0; offset < framed.Length; offset += 16_384)
        {
            ReadOnlySpan<byte> piece = framed.AsSpan(offset, Math.Min(16_384, framed.Length - offset));
            if (reader.Read(ref piece, out ReadOnlyMemory<byte> message) == GrpcFrameStatus.Message)
            {
                got = message.ToArray();
            }
        }

        Assert.Equal(expected, got);
    }

    private static void Feed(GrpcFrameReader reader, ReadOnlySpan<byte> data, List<string> messages)
    {
        while (reader.Read(ref data, out ReadOnlyMemory<byte> message) == GrpcFrameStatus.Message)
        {
            messages.Add(Convert.ToHexString(message.Span));
        }
    }
}
