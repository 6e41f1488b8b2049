using System;
using System.Globalization;
using System.Text;
using Sidecar.Http.Dates;

namespace Sidecar.Http.Tests.Dates;

public class HttpDateTests
{
    [Theory]
    [InlineData(0, "Thu, 01 Jan 1970 00:00:00 GMT")]
    [InlineData(784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT")]
    [InlineData(951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT")]
    [InlineData(4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT")]
    public void Get_Second_IsImfFixdate(long second, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(new HttpDate().Get(second * 1_000_000_000)));

    [Fact]
    public void Get_ManySeconds_AgreesWithTheRuntime()
    {
        var date = new HttpDate();
        for (long second = 0; second < 8_000_000_000; second += 7_654_321)
        {
            string expected = DateTimeOffset.FromUnixTimeSeconds(second).ToString("r", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Encoding.ASCII.GetString(date.Get(second * 1_000_000_000)));
        }
    }

    [Fact]
    public void Get_NextSecond_AllocatesNothing()
    {
        var date = new HttpDate();
        date.Get(0);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (long second = 1; second < 1000; second++)
        {
            date.Get(second * 1_000_000_000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
