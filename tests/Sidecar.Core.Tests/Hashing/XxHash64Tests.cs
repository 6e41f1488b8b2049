using Sidecar.Core.Hashing;

namespace Sidecar.Core.Tests.Hashing;

public sealed class XxHash64Tests
{
    /// <summary>Reference values of the algorithm's own test vectors, seed 0.</summary>
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999UL)]
    [InlineData("a", 0xD24EC4F1A98C6E5BUL)]
    [InlineData("abc", 0x44BC2CF5AD770999UL)]
    public void Hash_OfAText_IsTheReferenceValue(string text, ulong expected) => Assert.Equal(expected, XxHash64.Hash(text));

    [Fact]
    public void Hash_OfEveryLength_DependsOnEveryByte()
    {
        for (int length = 1; length <= 100; length++)
        {
            var bytes = new byte[length];
            ulong zero = XxHash64.Hash(bytes);
            for (int i = 0; i < length; i++)
            {
                bytes[i] = 1;
                Assert.NotEqual(zero, XxHash64.Hash(bytes));
                bytes[i] = 0;
            }
        }
    }
}
