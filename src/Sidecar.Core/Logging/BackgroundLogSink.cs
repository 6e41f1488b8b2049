using System;
using System.IO;
using System.Text;
using System.Threading;
using Serilog.Core;
using Serilog.Events;

namespace Sidecar.Core.Logging;

/// <summary>
/// Serilog's way out: queues lines and formats and writes them in batches on a thread of its own, so that a slow terminal or disk does
/// not stall a worker. A full queue drops the line and counts it. Thread: any emits; the writer's lock is taken by the background thread
/// and by <see cref="Flush"/>, never while emitting.
/// </summary>
internal sealed class BackgroundLogSink : ILogEventSink, IDisposable
{
    public const int DefaultCapacity = 8192;

    /// <summary>Characters gathered before a write.</summary>
    private const int BatchChars = 32 * 1024;

    private readonly LogQueue _queue;
    private readonly LogFormat _format;
    private readonly Func<Stream> _open;
    private readonly Lock _writer = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly StringBuilder _batch = new();
    private readonly Thread _thread;
    private Stream? _stream;
    private long _droppedLines;
    private long _reportedDrops;
    private int _isSleeping = 1;
    private int _isStarted;
    private volatile bool _isStopping;

    public BackgroundLogSink(Func<Stream> open, LogFormat format, int capacity)
    {
        _open = open;
        _format = format;
        _queue = new LogQueue(capacity);
        _thread = new Thread(Run) { IsBackground = true, Name = "log" };
    }

    /// <summary>Lines that found the queue full.</summary>
    public long DroppedLines => Volatile.Read(ref _droppedLines);

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Properties.TryGetValue(LogPipeline.RecordProperty, out LogEventPropertyValue? value)
            && value is ScalarValue { Value: LogRecord record })
        {
            Emit(record);
        }
    }

    public void Emit(in LogRecord record)
    {
        if (!_queue.TryEnqueue(record))
        {
            Interlocked.Increment(ref _droppedLines);
            return;
        }

        if (Interlocked.Exchange(ref _isSleeping, 0) == 1)
        {
            Wake();
        }
    }

    /// <summary>Writes out all that is queued, on this thread.</summary>
    public void Flush()
    {
        lock (_writer)
        {
            WriteQueued();
        }
    }

    public void Reopen()
    {
        lock (_writer)
        {
            WriteQueued();
            CloseStream();
        }
    }

    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        lock (_writer)
        {
            WriteQueued();
            CloseStream();
        }
    }

    private void Wake()
    {
        // The thread starts with the first line: a process that logs nothing has none.
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _thread.Start();
            return;
        }

        _wake.Set();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            Flush();
            Volatile.Write(ref _isSleeping, 1);
            Interlocked.MemoryBarrier();
            if (_queue.IsEmpty && !_isStopping)
            {
                _wake.WaitOne();
            }

            Volatile.Write(ref _isSleeping, 0);
        }
    }

    private void WriteQueued()
    {
        while (_queue.TryDequeue(out LogRecord record))
        {
            _format.Append(_batch, record);
            if (_batch.Length >= BatchChars)
            {
                WriteBatch();
            }
        }

        ReportDrops();
        WriteBatch();
    }

    private void ReportDrops()
    {
        long dropped = DroppedLines;
        if (dropped == _reportedDrops)
        {
            return;
        }

        string message = $"dropped {dropped - _reportedDrops} log lines: the log's reader is too slow or the level too low";
        _reportedDrops = dropped;
#pragma warning disable RS0030 // As in LogPipeline.
        DateTimeOffset now = DateTimeOffset.Now;
#pragma warning restore RS0030
        _format.Append(_batch, new LogRecord(
            now, LogLevel.Warning, Loggers.Misc.Name, message, Environment.CurrentManagedThreadId, "log", 0));
    }

    private void WriteBatch()
    {
        if (_batch.Length == 0)
        {
            return;
        }

        try
        {
            _stream ??= _open();
            _stream.Write(Encoding.UTF8.GetBytes(_batch.ToString()));
            _stream.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A full disk or a closed terminal must not end the proxy, and there is nowhere left to complain to.
            CloseStream();
        }

        _batch.Clear();
    }

    private void CloseStream()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
