using System;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Tests.Matching;

public class HeaderMatcherTests
{
    [Theory]
    [InlineData(StringMatchKind.Exact, "Abc", false, "Abc", true)]
    [InlineData(StringMatchKind.Exact, "Abc", false, "abc", false)]
    [InlineData(StringMatchKind.Exact, "Abc", true, "aBC", true)]
    [InlineData(StringMatchKind.Prefix, "ab", false, "abc", true)]
    [InlineData(StringMatchKind.Prefix, "AB", true, "abc", true)]
    [InlineData(StringMatchKind.Suffix, "bc", false, "abc", true)]
    [InlineData(StringMatchKind.Suffix, "BC", true, "abc", true)]
    [InlineData(StringMatchKind.Suffix, "abcd", true, "abc", false)]
    [InlineData(StringMatchKind.Contains, "b", false, "abc", true)]
    [InlineData(StringMatchKind.Contains, "B", true, "abc", true)]
    [InlineData(StringMatchKind.Contains, "x", true, "abc", false)]
    [InlineData(StringMatchKind.SafeRegex, "a.c", false, "abc", true)]
    [InlineData(StringMatchKind.SafeRegex, "a", false, "abc", false)]
    public void IsMatch_StringMatch_Compares(StringMatchKind kind, string pattern, bool ignoreCase, string value, bool expected)
    {
        HeaderMatcher matcher = String(kind, pattern, ignoreCase);

        Assert.Equal(expected, matcher.IsMatch(TestHeaders.Of(("x-a", value))));
    }

    [Fact]
    public void IsMatch_SeveralValues_JoinedByCommas()
    {
        HeaderMatcher matcher = String(StringMatchKind.Exact, "1,2,3");

        Assert.True(matcher.IsMatch(TestHeaders.Of(("x-a", "1"), ("x-b", "9"), ("x-a", "2"), ("x-a", "3"))));
    }

    [Fact]
    public void IsMatch_HostName_MeansAuthority()
    {
        var matcher = new HeaderMatcher(new HeaderMatcherConfig
        {
            Name = "Host",
            Kind = HeaderMatchKind.String,
            StringMatch = new() { Kind = StringMatchKind.Exact, Value = "a.test" },
        });

        Assert.True(matcher.IsMatch(TestHeaders.Request("/", "a.test")));
    }

    [Theory]
    [InlineData("10", true)]
    [InlineData("19", true)]
    [InlineData("20", false)]
    [InlineData("-11", false)]
    [InlineData("12x", false)]
    [InlineData("", false)]
    public void IsMatch_Range_HalfOpen(string value, bool expected)
    {
        var matcher = new HeaderMatcher(new HeaderMatcherConfig { Name = "x-a", Kind = HeaderMatchKind.Range, RangeStart = 10, RangeEnd = 20 });

        Assert.Equal(expected, matcher.IsMatch(TestHeaders.Of(("x-a", value))));
    }

    [Theory]
    [InlineData(true, false, true, true)]
    [InlineData(true, false, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    [InlineData(true, true, true, false)]
    [InlineData(true, true, false, true)]
    public void IsMatch_Present_HonoursInversion(bool present, bool invert, bool isThere, bool expected)
    {
        var matcher = new HeaderMatcher(new HeaderMatcherConfig { Name = "x-a", Present = present, InvertMatch = invert });
        HeaderMap headers = isThere ? TestHeaders.Of(("x-a", "")) : TestHeaders.Of();

        Assert.Equal(expected, matcher.IsMatch(headers));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void IsMatch_MissingHeader_FailsUnlessTakenAsEmpty(bool invert, bool missingIsEmpty, bool expected)
    {
        var matcher = new HeaderMatcher(new HeaderMatcherConfig
        {
            Name = "x-a",
            Kind = HeaderMatchKind.Range,
            RangeStart = 0,
            RangeEnd = 10,
            InvertMatch = invert,
            TreatMissingHeaderAsEmpty = missingIsEmpty,
        });

        Assert.Equal(expected, matcher.IsMatch(TestHeaders.Of()));
    }

    [Fact]
    public void IsMatch_SteadyState_AllocatesNothing()
    {
        HeaderMatcher matcher = String(StringMatchKind.Contains, "3", ignoreCase: true);
        HeaderMap headers = TestHeaders.Of(("x-a", "1"), ("x-a", "2"), ("x-a", "3"));
        matcher.IsMatch(headers);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            matcher.IsMatch(headers);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static HeaderMatcher String(StringMatchKind kind, string value, bool ignoreCase = false) => new(new HeaderMatcherConfig
    {
        Name = "X-A",
        Kind = HeaderMatchKind.String,
        StringMatch = new StringMatcherConfig { Kind = kind, Value = value, IgnoreCase = ignoreCase },
    });
}
