using System;
using System.Collections.Generic;
using System.Text;
using Sidecar.Core.Logging;

namespace Sidecar.Core.Tests.Logging;

public sealed class LogFormatTests
{
    private static readonly LogRecord s_record = new(
        new DateTimeOffset(2026, 3, 7, 15, 4, 9, 78, TimeSpan.FromHours(2)),
        LogLevel.Warning,
        "upstream",
        "two\nlines \"quoted\"",
        4711,
        "src/Sidecar.Upstream/Pool.cs",
        42);

    [Fact]
    public void Default_PrintsEnvoysLine() => Assert.Equal(
        "[2026-03-07 15:04:09.078][4711][warning][upstream] [src/Sidecar.Upstream/Pool.cs:42] two\nlines \"quoted\"\n",
        Print(LogFormat.Default));

    [Theory]
    [InlineData("%l", "warning")]
    [InlineData("%L", "W")]
    [InlineData("%n", "upstream")]
    [InlineData("%t", "4711")]
    [InlineData("%s:%#", "Pool.cs:42")]
    [InlineData("%@", "src/Sidecar.Upstream/Pool.cs:42")]
    [InlineData("%_", "two\\nlines \"quoted\"")]
    [InlineData("%j", "two\\nlines \\\"quoted\\\"")]
    [InlineData("%Y%m%d", "20260307")]
    [InlineData("%H.%M.%S", "15.04.09")]
    [InlineData("%I %p", "03 PM")]
    [InlineData("%r", "03:04:09 PM")]
    [InlineData("%R", "15:04")]
    [InlineData("%T", "15:04:09")]
    [InlineData("%e %f %F", "078 078000 078000000")]
    [InlineData("%a %A %b %B", "Sat Saturday Mar March")]
    [InlineData("%D %C", "03/07/26 26")]
    [InlineData("%z", "+02:00")]
    [InlineData("%E", "1772888649")]
    [InlineData("%%", "%")]
    [InlineData("%^%l%$", "warning")]
    [InlineData("[%10l]", "[   warning]")]
    [InlineData("[%-10l]", "[warning   ]")]
    [InlineData("[%=10l]", "[ warning  ]")]
    [InlineData("[%3l]", "[warning]")]
    [InlineData("%Q", "%Q")]
    [InlineData("100%", "100%")]
    public void Flag_Prints(string pattern, string expected) => Assert.Equal(expected + "\n", Print(LogFormat.Text(pattern)));

    [Fact]
    public void Json_EscapesValuesAndKeepsTheOrder()
    {
        LogFormat format = LogFormat.Json(
        [
            new KeyValuePair<string, string>("Level", "%l"),
            new KeyValuePair<string, string>("Plain", "%v"),
            new KeyValuePair<string, string>("Escaped", "%j"),
        ]);

        Assert.Equal(
            "{\"Level\":\"warning\",\"Plain\":\"two\\nlines \\\"quoted\\\"\",\"Escaped\":\"two\\nlines \\\"quoted\\\"\"}\n", Print(format));
    }

    private static string Print(LogFormat format)
    {
        var text = new StringBuilder();
        format.Append(text, s_record);
        return text.ToString();
    }
}
