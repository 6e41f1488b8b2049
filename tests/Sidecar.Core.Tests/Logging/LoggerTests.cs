using System;
using Sidecar.Core.Logging;

namespace Sidecar.Core.Tests.Logging;

public sealed class LoggerTests
{
    private readonly Logger _logger = new("test");
    private int _evaluations;

    [Theory]
    [InlineData(LogLevel.Trace, LogLevel.Trace, true)]
    [InlineData(LogLevel.Info, LogLevel.Debug, false)]
    [InlineData(LogLevel.Info, LogLevel.Info, true)]
    [InlineData(LogLevel.Error, LogLevel.Critical, true)]
    [InlineData(LogLevel.Off, LogLevel.Critical, false)]
    public void IsEnabled_ComparesLevels(LogLevel set, LogLevel asked, bool expected)
    {
        _logger.Level = set;
        Assert.Equal(expected, _logger.IsEnabled(asked));
    }

    [Fact]
    public void DisabledCall_EvaluatesNoHole()
    {
        _logger.Level = LogLevel.Info;
        _logger.Debug($"value {Evaluate()}");
        Assert.Equal(0, _evaluations);
    }

    [Fact]
    public void DisabledCall_AllocatesNothing()
    {
        _logger.Level = LogLevel.Info;
        _logger.Debug($"value {_evaluations}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            _logger.Debug($"[C{i}] value {_evaluations}");
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Loggers_KnowEnvoysComponents()
    {
        foreach (string name in new[] { "admin", "conn_handler", "http2", "lua", "wasm", "upstream" })
        {
            Assert.True(Loggers.TryGet(name, out Logger? logger));
            Assert.Equal(name, logger!.Name);
        }
    }

    [Theory]
    [InlineData("jwt:verbose", "invalid log level 'verbose'")]
    [InlineData("nosuch:debug", "invalid component 'nosuch'")]
    [InlineData("jwt", "expected name:level")]
    [InlineData("jwt:debug,nosuch:debug", "invalid component 'nosuch'")]
    public void TrySetLevels_Invalid_SaysWhyAndChangesNothing(string list, string expected)
    {
        Loggers.Jwt.Level = LogLevel.Error;
        Assert.False(Loggers.TrySetLevels(list, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Equal(LogLevel.Error, Loggers.Jwt.Level);
    }

    [Fact]
    public void TrySetLevels_List_SetsEach()
    {
        Assert.True(Loggers.TrySetLevels("rbac:trace, tracing:off", out _));
        Assert.Equal((LogLevel.Trace, LogLevel.Off), (Loggers.Rbac.Level, Loggers.Tracing.Level));
    }

    private int Evaluate() => ++_evaluations;
}
