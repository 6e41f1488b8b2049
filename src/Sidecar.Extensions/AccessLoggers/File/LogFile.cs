using System;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Event.Files;
using Sidecar.Event.Native;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Extensions.AccessLoggers.File;

/// <summary>
/// One log file, shared by every logger that names its path. Workers join with queues of their own; the flusher writes. Threads: as
/// each member says.
/// </summary>
public sealed class LogFile
{
    private readonly FileFlusher _flusher;
    private LogBlockQueue[] _queues = [];
    private AppendFile _file;

    internal LogFile(FileFlusher flusher, string path, AppendFile file)
    {
        _flusher = flusher;
        Path = path;
        _file = file;
    }

    public string Path { get; }

    internal FileFlusher Flusher => _flusher;

    /// <summary>A worker's way into the file. Thread: any.</summary>
    internal LogBlockQueue Join()
    {
        var queue = new LogBlockQueue();
        Exchange(queues => [.. queues, queue]);
        return queue;
    }

    /// <summary>Writes everything that workers have published. Thread: the flusher.</summary>
    internal void Flush(StatBlock stats)
    {
        foreach (LogBlockQueue queue in Volatile.Read(ref _queues))
        {
            while (queue.TryTake(out TextBuffer block))
            {
                bool written = _file.TryWrite(block.Written, out _);
                stats.Increment((int)(written ? AccessLogFileStat.WriteCompleted : AccessLogFileStat.WriteFailed));
                stats.Add((int)AccessLogFileStat.WriteTotalBuffered, -block.Length);
                queue.Release();
            }

            if (queue.IsSpent)
            {
                Exchange(queues => Array.FindAll(queues, q => q != queue));
            }
        }
    }

    /// <summary>Opens the path again (it was rotated); the old file serves on when that fails. Thread: the flusher.</summary>
    internal void Reopen(StatBlock stats)
    {
        AppendFile? opened = AppendFile.TryOpen(Path, out Errno _);
        if (opened is null)
        {
            stats.Increment((int)AccessLogFileStat.ReopenFailed);
            return;
        }

        _file.Dispose();
        _file = opened;
    }

    internal void Close() => _file.Dispose();

    private void Exchange(Func<LogBlockQueue[], LogBlockQueue[]> change)
    {
        LogBlockQueue[] before;
        do
        {
            before = Volatile.Read(ref _queues);
        }
        while (Interlocked.CompareExchange(ref _queues, change(before), before) != before);
    }
}
