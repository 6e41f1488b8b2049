using Sidecar.Core.Stats;
using Sidecar.Event.Timers;
using Sidecar.Network;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Extensions.AccessLoggers.File;

/// <summary>
/// <c>envoy.access_loggers.file</c>, and with the paths <c>/dev/stdout</c> and <c>/dev/stderr</c> the stream loggers. Immutable, shared
/// by all workers; thread: any.
/// </summary>
public sealed class FileAccessLogger : AccessLogger
{
    public required LogFile File { get; init; }

    public AccessLogFormatter Formatter { get; init; } = AccessLogFormatter.Default;

    public override AccessLogWriter CreateWorkerState(Worker worker) => new FileAccessLogWriter(this, worker);
}

/// <summary>One worker's lines on their way to a file. Thread: the worker.</summary>
internal sealed class FileAccessLogWriter : AccessLogWriter
{
    /// <summary>A block is handed over at once when it has this many bytes: half of what it keeps, so that it is not allocated again.</summary>
    private const int FlushBytes = 32 * 1024;

    /// <summary>Lines are lost beyond this when the disk does not keep up.</summary>
    private const int MaxBlockBytes = 1024 * 1024;

    private readonly AccessLogFormatter _formatter;
    private readonly LogFile _file;
    private readonly LogBlockQueue _queue;
    private readonly StatBlock _stats;
    private readonly Timer _timer;

    public FileAccessLogWriter(FileAccessLogger logger, Worker worker)
        : base(logger.Filter)
    {
        _formatter = logger.Formatter;
        _file = logger.File;
        _queue = _file.Join();
        _stats = worker.Dispatcher.Stats.Block(_file.Flusher.StatRange);
        _timer = worker.Dispatcher.CreateTimer(new FlushTimer(this));
    }

    /// <summary>Hands over what is left; the flusher forgets the queue once it is written.</summary>
    public override void Close()
    {
        HandOver();
        _timer.Disable();
        _queue.Close();
        _file.Flusher.Wake();
    }

    protected override void Write(in FormatContext context)
    {
        TextBuffer block = _queue.Current;
        int before = block.Length;
        _formatter.Format(block, in context);
        if (block.Length > MaxBlockBytes)
        {
            block.Truncate(before);
            _stats.Increment((int)AccessLogFileStat.WriteFailed);
            HandOver();
            return;
        }

        _stats.Increment((int)AccessLogFileStat.WriteBuffered);
        _stats.Add((int)AccessLogFileStat.WriteTotalBuffered, block.Length - before);
        if (block.Length >= FlushBytes)
        {
            HandOver();
        }
        else if (!_timer.IsEnabled)
        {
            _timer.Enable(_file.Flusher.FlushIntervalMs);
        }
    }

    private void HandOver()
    {
        if (_queue.Current.Length > 0 && _queue.TryPublish())
        {
            _timer.Disable();
            _file.Flusher.Wake();
        }
    }

    private void OnTimer()
    {
        _stats.Increment((int)AccessLogFileStat.FlushedByTimer);
        HandOver();
        if (_queue.Current.Length > 0)
        {
            _timer.Enable(_file.Flusher.FlushIntervalMs);
        }
    }

    private sealed class FlushTimer(FileAccessLogWriter writer) : TimerHandler
    {
        public override void OnTimer(Timer timer) => writer.OnTimer();
    }
}
