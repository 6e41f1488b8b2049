using System;
using System.Text;
using Sidecar.Http.Headers;

namespace Sidecar.Http.Tests.Headers;

public class HeaderNamesTests
{
    [Fact]
    public void Find_EveryKnownName_ReturnsItsId()
    {
        for (int id = 1; id < (int)HeaderId.Count; id++)
        {
            Assert.Equal((HeaderId)id, HeaderNames.Find(HeaderNames.Bytes((HeaderId)id)));
            Assert.Equal(HeaderNames.Text((HeaderId)id), Encoding.ASCII.GetString(HeaderNames.Bytes((HeaderId)id)));
        }
    }

    [Fact]
    public void Find_NamesOffByOne_ReturnsNone()
    {
        for (int id = 1; id < (int)HeaderId.Count; id++)
        {
            byte[] name = HeaderNames.Bytes((HeaderId)id).ToArray();
            for (int i = 0; i < name.Length; i++)
            {
                name[i] ^= 1;
                HeaderId found = HeaderNames.Find(name);
                Assert.True(found == HeaderId.None || HeaderNames.Bytes(found).SequenceEqual(name));
                name[i] ^= 1;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(300)]
    public void Find_AnyLength_ReturnsNoneForUnknown(int length) => Assert.Equal(HeaderId.None, HeaderNames.Find(Encoding.ASCII.GetBytes(new string('x', length))));
}
