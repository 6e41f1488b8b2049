using System;
using Sidecar.Core.Logging;

namespace Sidecar.Core.Tests.Logging;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\r\n\tb", "a\\r\\n\\tb")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("\u0000\u001b[31m", "\\x00\\x1b[31m")]
    [InlineData("\u007f", "\\x7f")]
    public void Escape_PrintsOneSafeLine(string text, string expected) =>
        Assert.Equal(expected, LogText.Escape(System.Text.Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void Escape_LongInput_IsCutAndCounted() =>
        Assert.EndsWith("a...(+44 bytes)", LogText.Escape(System.Text.Encoding.ASCII.GetBytes(new string('a', 300))), StringComparison.Ordinal);
}
