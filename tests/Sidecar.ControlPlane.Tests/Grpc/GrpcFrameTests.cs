using System;
using System.Buffers;
using Sidecar.ControlPlane.Grpc;

namespace Sidecar.ControlPlane.Tests.Grpc;

public sealed class GrpcFrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    public void WriteThenRead_GivesTheMessageBack(int length)
    {
        byte[] message = new byte[length];
        Random.Shared.NextBytes(message);
        ArrayBufferWriter<byte> output = new();
        GrpcFrame.Write(output, message);
        GrpcFrame.Write(output, "next"u8);
        ReadOnlySequence<byte> buffer = new(output.WrittenMemory);

        Assert.Equal(GrpcFrameStatus.Message, GrpcFrame.TryRead(ref buffer, length, out ReadOnlySequence<byte> read));
        Assert.Equal(message, read.ToArray());
        Assert.Equal(GrpcFrame.PrefixBytes + 4, buffer.Length);
    }

    [Fact]
    public void Read_CutAtEveryPosition_IsIncompleteAndTakesNothing()
    {
        ArrayBufferWriter<byte> output = new();
        GrpcFrame.Write(output, "message"u8);
        for (int cut = 0; cut < output.WrittenCount; cut++)
        {
            ReadOnlySequence<byte> buffer = new(output.WrittenMemory[..cut]);

            Assert.Equal(GrpcFrameStatus.Incomplete, GrpcFrame.TryRead(ref buffer, 100, out _));
            Assert.Equal(cut, buffer.Length);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0, 101 }, GrpcFrameStatus.TooLarge)]
    [InlineData(new byte[] { 0, 255, 255, 255, 255 }, GrpcFrameStatus.TooLarge)]
    [InlineData(new byte[] { 1, 0, 0, 0, 0 }, GrpcFrameStatus.Compressed)]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 }, GrpcFrameStatus.BadFlag)]
    public void Read_PrefixThatIsNotTaken_SaysWhy(byte[] prefix, GrpcFrameStatus expected)
    {
        ReadOnlySequence<byte> buffer = new(prefix);

        Assert.Equal(expected, GrpcFrame.TryRead(ref buffer, 100, out _));
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\nb", "a%0Ab")]
    [InlineData("ü", "%C3%BC")]
    public void MessageText_IsPercentEncoded(string text, string expected) => Assert.Equal(expected, GrpcMessageText.Encode(text));
}
