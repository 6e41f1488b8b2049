using System;
using System.IO;
using System.Runtime.InteropServices;
using Serilog;
using Serilog.Events;
using Serilog.Parsing;

namespace Sidecar.Core.Logging;

/// <summary>
/// Where log lines go: Serilog with one sink of ours that writes on a thread of its own. Set up once at start by
/// <see cref="Start"/>; before that, lines go to stderr with the default format. Thread: any may write; main starts and flushes.
/// </summary>
public sealed partial class LogPipeline : IDisposable
{
    /// <summary>What the compiler writes in place of the repository's root (see Directory.Build.props).</summary>
    private const string SourceRoot = "/_/";

    /// <summary>The one property of our events: the whole <see cref="LogRecord"/>.</summary>
    internal const string RecordProperty = "Record";

    private static readonly MessageTemplate s_template = new([new PropertyToken(RecordProperty, "{Record}")]);
    private static LogPipeline s_current = new(Console.OpenStandardError, LogFormat.Default, BackgroundLogSink.DefaultCapacity);

    [ThreadStatic]
    private static int t_threadId;

    private readonly BackgroundLogSink _sink;
    private readonly Serilog.Core.Logger _serilog;

    internal LogPipeline(Func<Stream> open, LogFormat format, int capacity)
    {
        _sink = new BackgroundLogSink(open, format, capacity);
        _serilog = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(_sink).CreateLogger();
    }

    /// <summary>The pipeline that all loggers write to.</summary>
    public static LogPipeline Current => s_current;

    /// <summary>Lines dropped because the writer could not keep up.</summary>
    public long DroppedLines => _sink.DroppedLines;

    /// <summary>
    /// Replaces the pipeline: to <paramref name="path"/> (<c>--log-path</c>; appended to) or, when null, to stderr. Also flushes when the
    /// process ends or crashes. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the file cannot be
    /// opened. Thread: main, at start.
    /// </summary>
    public static void Start(LogFormat format, string? path = null)
    {
        Func<Stream> open = path is null ? Console.OpenStandardError : () => OpenFile(path);
        if (path is not null)
        {
            OpenFile(path).Dispose();
        }

        LogPipeline previous = s_current;
        s_current = new LogPipeline(open, format, BackgroundLogSink.DefaultCapacity);
        previous.Dispose();
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => s_current.Flush();
        AppDomain.CurrentDomain.UnhandledException += static (_, e) =>
        {
            Loggers.Main.Critical($"unhandled exception: {e.ExceptionObject}");
            s_current.Flush();
        };
    }

    /// <summary>Closes and opens the file again (SIGUSR1, after log rotation). Thread: main.</summary>
    public void Reopen() => _sink.Reopen();

    /// <summary>Writes out what is queued, on the calling thread. Thread: any, never a worker.</summary>
    public void Flush() => _sink.Flush();

    public void Dispose()
    {
        _serilog.Dispose();
        _sink.Dispose();
    }

    internal void Write(Logger logger, LogLevel level, string message, string file, int line)
    {
#pragma warning disable RS0030 // Log lines carry the machine's time, also under simulated time.
        DateTimeOffset now = DateTimeOffset.Now;
#pragma warning restore RS0030
        var record = new LogRecord(now, level, logger.Name, message, ThreadId(), Relative(file), line);
        _serilog.Write(new LogEvent(
            now, SerilogLevel(level), exception: null, s_template, [new LogEventProperty(RecordProperty, new ScalarValue(record))]));
    }

    private static LogEventLevel SerilogLevel(LogLevel level) => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Info => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Fatal,
    };

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static string Relative(string file) => file.StartsWith(SourceRoot, StringComparison.Ordinal) ? file[SourceRoot.Length..] : file;

    private static int ThreadId() => t_threadId != 0 ? t_threadId : t_threadId = GetThreadId();

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
