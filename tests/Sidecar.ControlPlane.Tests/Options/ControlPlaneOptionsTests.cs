using System;
using Sidecar.ControlPlane.Options;

namespace Sidecar.ControlPlane.Tests.Options;

public sealed class ControlPlaneOptionsTests
{
    [Theory]
    [InlineData("--folder xds", "127.0.0.1:18000")]
    [InlineData("--folder=xds --listen=127.0.0.1:0", "127.0.0.1:0")]
    [InlineData("--listen localhost:5 --folder xds", "127.0.0.1:5")]
    [InlineData("--listen [::1]:5 --folder xds", "[::1]:5")]
    public void Parse_RightLine_HasFolderAndAddress(string line, string listen)
    {
        ControlPlaneOptions? options = ControlPlaneOptions.Parse(line.Split(' '), out string error);

        Assert.Equal("", error);
        Assert.Equal("xds", options!.Folder);
        Assert.Equal(listen, options.Listen.ToString());
    }

    [Fact]
    public void Parse_EveryOption_IsTaken()
    {
        string[] line = ["--folder", "xds", "--node-id-filter", "a*", "--allow-invalid", "--check"];

        ControlPlaneOptions options = ControlPlaneOptions.Parse(line, out _)!;

        Assert.True(options.AllowsInvalid);
        Assert.True(options.IsCheckOnly);
        Assert.True(options.Nodes.Allows("a1"));
        Assert.False(options.Nodes.Allows("b1"));
    }

    [Theory]
    [InlineData("", "--folder is required")]
    [InlineData("--folder", "--folder needs a value")]
    [InlineData("--folder xds --listen 127.0.0.1", "--listen: `127.0.0.1` is not an address and port")]
    [InlineData("--folder xds --listen ::1:5", "--listen: `::1:5` is not an address and port")]
    [InlineData("--folder xds --port=5", "unknown option --port=5")]
    [InlineData("--folder xds --check=yes", "unknown option --check=yes")]
    public void Parse_WrongLine_SaysWhatIsWrong(string line, string expected)
    {
        ControlPlaneOptions? options = ControlPlaneOptions.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out string error);

        Assert.Null(options);
        Assert.Contains(expected, error);
    }

    [Fact]
    public void Parse_Help_NeedsNoFolder() => Assert.True(ControlPlaneOptions.Parse(["--help"], out _)!.IsHelp);
}
