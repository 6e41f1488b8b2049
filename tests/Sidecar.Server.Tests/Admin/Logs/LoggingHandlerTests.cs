using System;
using System.Collections.Generic;
using System.Linq;
using Sidecar.Core.Logging;

namespace Sidecar.Server.Tests.Admin.Logs;

/// <summary>The levels belong to the process: every test puts them back.</summary>
public sealed class LoggingHandlerTests : IDisposable
{
    private readonly AdminHarness _admin = new();
    private readonly Dictionary<Logger, LogLevel> _before = Loggers.All.ToDictionary(l => l, l => l.Level);

    public void Dispose()
    {
        foreach ((Logger logger, LogLevel level) in _before)
        {
            logger.Level = level;
        }
    }

    [Fact]
    public void Logging_WithoutParameters_ListsTheLoggers()
    {
        AdminAnswer answer = _admin.Post("/logging");
        Assert.Equal(200, answer.Status);
        Assert.StartsWith("active loggers:\n  admin: ", answer.Text, StringComparison.Ordinal);
        Assert.Equal(Loggers.All.Count + 3, answer.Text.Split('\n').Length);
    }

    [Fact]
    public void Logging_Level_ChangesAll()
    {
        Assert.Equal(200, _admin.Post("/logging?level=critical").Status);
        Assert.All(Loggers.All, l => Assert.Equal(LogLevel.Critical, l.Level));
    }

    [Fact]
    public void Logging_OneLogger_ChangesIt()
    {
        Assert.Contains("  tracing: error\n", _admin.Post("/logging?tracing=error").Text, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Error, Loggers.Tracing.Level);
    }

    [Fact]
    public void Logging_Paths_ChangesSeveral()
    {
        Assert.Equal(200, _admin.Post("/logging", "paths=jwt%3Aerror%2Crbac%3Aoff&level=").Status);
        Assert.Equal((LogLevel.Error, LogLevel.Off), (Loggers.Jwt.Level, Loggers.Rbac.Level));
    }

    [Theory]
    [InlineData("?level=loud", "loud")]
    [InlineData("?nosuch=info", "nosuch")]
    [InlineData("?jwt=debug&rbac=debug", "number of parameters")]
    [InlineData("?paths=jwt", "jwt")]
    [InlineData("?paths=jwt:debug,nosuch:debug", "nosuch")]
    public void Logging_BadParameters_ChangeNothing(string query, string reason)
    {
        AdminAnswer answer = _admin.Post("/logging" + query);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith("error: ", answer.Text, StringComparison.Ordinal);
        Assert.Contains(reason, answer.Text.Split('\n')[0], StringComparison.Ordinal);
        Assert.All(Loggers.All, l => Assert.Equal(_before[l], l.Level));
    }
}
