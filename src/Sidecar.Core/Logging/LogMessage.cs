using System;
using System.Runtime.CompilerServices;

namespace Sidecar.Core.Logging;

/// <summary>A log level as a type, so that one interpolated-string handler serves all levels.</summary>
public interface ILogLevelTag
{
    public static abstract LogLevel Level { get; }
}

/// <summary>The levels as types.</summary>
public static class LogLevelTags
{
    public readonly struct Trace : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Trace;
    }

    public readonly struct Debug : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Debug;
    }

    public readonly struct Info : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Info;
    }

    public readonly struct Warning : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Warning;
    }

    public readonly struct Error : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Error;
    }

    public readonly struct Critical : ILogLevelTag
    {
        public static LogLevel Level => LogLevel.Critical;
    }
}

/// <summary>
/// The compiler's target for <c>logger.Debug($"...")</c>: when the level is off, neither the holes' expressions nor the text are
/// evaluated. Byte spans, which come from peers, are escaped and truncated.
/// </summary>
[InterpolatedStringHandler]
public ref struct LogMessage<TLevel>
    where TLevel : struct, ILogLevelTag
{
    private DefaultInterpolatedStringHandler _text;

    public LogMessage(int literalLength, int formattedCount, Logger logger, out bool isEnabled)
    {
        isEnabled = logger.IsEnabled(TLevel.Level);
        IsEnabled = isEnabled;
        _text = isEnabled ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    internal bool IsEnabled { get; }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    public void AppendFormatted<T>(T value, int alignment) => _text.AppendFormatted(value, alignment);

    public void AppendFormatted<T>(T value, int alignment, string? format) => _text.AppendFormatted(value, alignment, format);

    public void AppendFormatted(string? value) => _text.AppendFormatted(value);

    public void AppendFormatted(ReadOnlySpan<char> value) => _text.AppendFormatted(value);

    /// <summary>A peer's bytes: see <see cref="LogText.Escape(ReadOnlySpan{byte})"/>.</summary>
    public void AppendFormatted(ReadOnlySpan<byte> peerBytes) => _text.AppendLiteral(LogText.Escape(peerBytes));

    internal string ToStringAndClear() => _text.ToStringAndClear();
}
