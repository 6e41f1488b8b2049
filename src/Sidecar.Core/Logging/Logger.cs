using System.Runtime.CompilerServices;

namespace Sidecar.Core.Logging;

/// <summary>
/// The log of one component. A level check is one byte read; a call whose level is off formats nothing. Thread: any; the level is set
/// on main.
/// </summary>
/// <remarks>Callers put <c>[C12][S34]</c> (connection, stream) at the start of the text themselves.</remarks>
public sealed class Logger
{
    private volatile byte _level = (byte)LogLevel.Info;

    internal Logger(string name) => Name = name;

    /// <summary>Envoy's name of the component, e.g. <c>http2</c>.</summary>
    public string Name { get; }

    /// <summary>What is below this level is dropped.</summary>
    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (byte)value;
    }

    public bool IsEnabled(LogLevel level) => (byte)level >= _level && level != LogLevel.Off;

    public void Trace(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Trace> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Trace, message.ToStringAndClear(), file, line);
        }
    }

    public void Debug(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Debug> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Debug, message.ToStringAndClear(), file, line);
        }
    }

    public void Info(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Info> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Info, message.ToStringAndClear(), file, line);
        }
    }

    public void Warning(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Warning> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Warning, message.ToStringAndClear(), file, line);
        }
    }

    public void Error(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Error> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Error, message.ToStringAndClear(), file, line);
        }
    }

    public void Critical(
        [InterpolatedStringHandlerArgument("")] ref LogMessage<LogLevelTags.Critical> message,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0)
    {
        if (message.IsEnabled)
        {
            LogPipeline.Current.Write(this, LogLevel.Critical, message.ToStringAndClear(), file, line);
        }
    }

    public void Trace(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Trace, message, file, line);

    public void Debug(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Debug, message, file, line);

    public void Info(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Info, message, file, line);

    public void Warning(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Warning, message, file, line);

    public void Error(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Error, message, file, line);

    public void Critical(string message, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Critical, message, file, line);

    private void Write(LogLevel level, string message, string file, int line)
    {
        if (IsEnabled(level))
        {
            LogPipeline.Current.Write(this, level, message, file, line);
        }
    }
}
