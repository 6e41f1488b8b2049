using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Sidecar.Core.Stats;
using Sidecar.Event.Files;
using Sidecar.Event.Native;
using Sidecar.Event.Threads;

namespace Sidecar.Extensions.AccessLoggers.File;

/// <summary>
/// The thread that writes access logs, so that no worker waits for a disk. Workers hand it blocks of lines when these are full or old
/// enough. One a process. Threads: main, but for <see cref="Wake"/>.
/// </summary>
public sealed class FileFlusher : IDisposable
{
    private readonly StatBlock _stats;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Dictionary<string, LogFile> _byPath = [];
    private LogFile[] _files = [];
    private volatile bool _reopen;
    private volatile bool _stopping;

    /// <param name="stats">Gets a sheet for the thread and the table <see cref="AccessLogFileStats.Table"/>.</param>
    /// <param name="flushIntervalMs">How long a line may wait (<c>--file-flush-interval-msec</c>).</param>
    public FileFlusher(StatStore stats, long flushIntervalMs = 10_000)
    {
        FlushIntervalMs = flushIntervalMs;
        StatRange = stats.Register(AccessLogFileStats.Scope, AccessLogFileStats.Table).Range;
        _stats = stats.CreateSheet("access_log_flusher").Block(StatRange);
        _thread = ThreadFactory.Create("log_flusher", Run);
        _thread.Start();
    }

    /// <summary>Milliseconds.</summary>
    public long FlushIntervalMs { get; }

    internal StatRange StatRange { get; }

    /// <summary>The file of a path, opened at its first mention. Thread: main.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public LogFile Open(string path)
    {
        if (_byPath.TryGetValue(path, out LogFile? known))
        {
            return known;
        }

        AppendFile opened = AppendFile.TryOpen(path, out Errno error) ?? throw new IOException($"unable to open file '{path}': {error}");
        var file = new LogFile(this, path, opened);
        _byPath.Add(path, file);
        Volatile.Write(ref _files, [.. _files, file]);
        return file;
    }

    /// <summary>Opens every file again (SIGUSR1). Thread: main.</summary>
    public void Reopen()
    {
        _reopen = true;
        _wake.Set();
    }

    /// <summary>Writes what was handed over and ends the thread; after the workers have ended. Thread: main.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        foreach (LogFile file in _files)
        {
            file.Close();
        }
    }

    /// <summary>There is a block to write. Thread: any.</summary>
    internal void Wake() => _wake.Set();

    private void Run()
    {
        bool last;
        do
        {
            _wake.WaitOne();
            // Read before the flush: what was handed over before the end is still written.
            last = _stopping;
            LogFile[] files = Volatile.Read(ref _files);
            foreach (LogFile file in files)
            {
                file.Flush(_stats);
            }

            if (_reopen)
            {
                _reopen = false;
                foreach (LogFile file in files)
                {
                    file.Reopen(_stats);
                }
            }
        }
        while (!last);
    }
}
