using System;
using Sidecar.Http.Errors;
using Sidecar.Http.Http2;
using Sidecar.Http.Http2.Frames;
using Sidecar.Http.Tests.Http2.Harness;
using Sidecar.Testing.Http2;

namespace Sidecar.Http.Tests.Http2;

public class PrefaceTests
{
    [Theory]
    [InlineData("", PrefaceMatch.NeedMore)]
    [InlineData("P", PrefaceMatch.NeedMore)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r", PrefaceMatch.NeedMore)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", PrefaceMatch.Http2)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nxxxx", PrefaceMatch.Http2)]
    [InlineData("PRI * HTTP/1.1\r\n", PrefaceMatch.NotHttp2)]
    [InlineData("POST / HTTP/1.1\r\n", PrefaceMatch.NotHttp2)]
    [InlineData("GET", PrefaceMatch.NotHttp2)]
    public void Detect_FirstBytes_Verdict(string text, PrefaceMatch expected)
    {
        Assert.Equal(expected, Http2Preface.Detect(System.Text.Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Server_Start_SettingsAndConnectionWindow()
    {
        var server = new ServerHarness();
        Assert.Null(server.Feed(new Http2Script().Preface().Settings()));
        Assert.Equal(["SETTINGS", $"WINDOW_UPDATE 0 {(24 * 1024 * 1024) - 65_535}", "SETTINGS ack"], server.Written());
        Assert.Equal(1, server.Transport.OutputWrittenCalls);
    }

    [Fact]
    public void Server_SettingsSent_AreTheConfiguredOnes()
    {
        var server = new ServerHarness(new Http2Settings
        {
            HpackTableBytes = 1024,
            MaxConcurrentStreams = 7,
            InitialStreamWindowBytes = 70_000,
            AllowConnect = true,
        });
        Assert.Null(server.Feed(new Http2Script().Preface()));
        byte[] settings = Http2Frame.ReadAll(server.Transport.TakeOutput())[0].Payload;
        Assert.Equal("000100000400" + "000300000007" + "000400011170" + "000800000001", Convert.ToHexStringLower(settings));
    }

    [Fact]
    public void Client_Start_PrefaceFirstAndPushDisabled()
    {
        var client = new ClientHarness();
        byte[] written = client.Transport.TakeOutput();
        Assert.True(written.AsSpan().StartsWith(Http2Preface.Bytes));
        byte[] settings = Http2Frame.ReadAll(written.AsSpan(Http2Preface.Bytes.Length))[0].Payload;
        Assert.Equal("000200000000" + "000401000000", Convert.ToHexStringLower(settings));
    }

    [Fact]
    public void Server_NotThePreface_ConnectionError()
    {
        var server = new ServerHarness();
        Assert.Same(Http2Errors.BadPreface, server.Transport.Feed(server.Codec, "PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n"));
        Assert.Equal("GOAWAY 0 ProtocolError", server.Written()[^1]);
    }

    [Fact]
    public void Server_FirstFrameNotSettings_ConnectionError()
    {
        var server = new ServerHarness();
        Assert.Same(Http2Errors.SettingsExpected, server.Feed(new Http2Script().Preface().Ping(1)));
    }

    [Fact]
    public void Client_FirstFrameNotSettings_ConnectionError()
    {
        var client = new ClientHarness();
        Assert.Same(Http2Errors.SettingsExpected, client.Feed(new Http2Script().Frame(FrameType.Settings, FrameFlags.Ack, 0)));
    }
}
