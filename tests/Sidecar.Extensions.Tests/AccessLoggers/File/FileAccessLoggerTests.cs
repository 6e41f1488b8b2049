using System;
using System.IO;
using System.Text;
using Sidecar.Core.Stats;
using Sidecar.Core.Time;
using Sidecar.Event;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Http.Headers;
using Sidecar.Network;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Extensions.Tests.AccessLoggers.File;

public sealed class FileAccessLoggerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("access_log").FullName;
    private readonly StatStore _stats = new();
    private readonly FileFlusher _flusher;
    private readonly Dispatcher _dispatcher;
    private readonly Worker _worker;

    public FileAccessLoggerTests()
    {
        _flusher = new FileFlusher(_stats, flushIntervalMs: 10);
        _dispatcher = new Dispatcher("worker_0", RealTimeSource.Instance, _stats.CreateSheet("worker_0"));
        _worker = new Worker(0, 1, _dispatcher, seed: 1);
    }

    private string Log => Path.Combine(_folder, "a.log");

    public void Dispose()
    {
        _flusher.Dispose();
        _dispatcher.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Close_LinesWaiting_WrittenByTheFlusher()
    {
        AccessLogWriter writer = Writer("%REQ(:path)%\n");
        Write(writer, "/1");
        Write(writer, "/2");

        writer.Close();
        _flusher.Dispose();

        Assert.Equal("/1\n/2\n", System.IO.File.ReadAllText(Log));
        Assert.Equal(2, Stat(AccessLogFileStat.WriteBuffered));
        Assert.Equal(1, Stat(AccessLogFileStat.WriteCompleted));
        Assert.Equal(0, Stat(AccessLogFileStat.WriteTotalBuffered));
    }

    [Fact]
    public void Log_FilterSaysNo_NothingWritten()
    {
        AccessLogWriter writer = Writer("x\n", AccessLogFilter.Create(new AccessLogFilterConfig.StatusCode(ComparisonOp.Eq, 500)));
        Write(writer, "/1");

        writer.Close();
        _flusher.Dispose();

        Assert.Equal("", System.IO.File.ReadAllText(Log));
    }

    [Fact]
    public void Log_FlushIntervalOver_HandedOverByTimer()
    {
        Write(Writer("x\n"), "/1");

        for (int i = 0; i < 200 && Stat(AccessLogFileStat.FlushedByTimer) == 0; i++)
        {
            _dispatcher.RunOnce(maxWaitMs: 10);
        }

        Assert.Equal(1, Stat(AccessLogFileStat.FlushedByTimer));
        _flusher.Dispose();
        Assert.Equal("x\n", System.IO.File.ReadAllText(Log));
    }

    [Fact]
    public void Log_BlockFull_HandedOverAtOnce()
    {
        AccessLogWriter writer = Writer(new string('x', 1023) + "\n");
        for (int i = 0; i < 64; i++)
        {
            Write(writer, "/1");
        }

        _flusher.Dispose();

        Assert.Equal(64 * 1024, new FileInfo(Log).Length);
    }

    [Fact]
    public void Log_TwoLoggersOfOnePath_ShareTheFile()
    {
        AccessLogWriter first = Writer("a\n");
        AccessLogWriter second = Writer("b\n");
        Write(first, "/1");
        Write(second, "/1");

        first.Close();
        second.Close();
        _flusher.Dispose();

        Assert.Equal(4, new FileInfo(Log).Length);
    }

    [Fact]
    public void Reopen_FileMovedAway_NewLinesGoToANewFile()
    {
        AccessLogWriter writer = Writer("%REQ(:path)%\n");
        System.IO.File.Move(Log, Log + ".1");
        _flusher.Reopen();
        for (int i = 0; i < 1000 && !System.IO.File.Exists(Log); i++)
        {
            System.Threading.Thread.Yield();
            _dispatcher.RunOnce(maxWaitMs: 1);
        }

        Write(writer, "/2");
        writer.Close();
        _flusher.Dispose();

        Assert.Equal("/2\n", System.IO.File.ReadAllText(Log));
    }

    [Fact]
    public void Open_FolderMissing_ErrorNamesPathAndReason()
    {
        var error = Assert.Throws<IOException>(() => _flusher.Open(Path.Combine(_folder, "none", "a.log")));

        Assert.Contains("none/a.log", error.Message);
        Assert.Contains("ENOENT", error.Message);
    }

    [Fact]
    public void Log_SteadyState_AllocatesNothing()
    {
        AccessLogWriter writer = Writer(AccessLogFormatter.DefaultFormat);
        var headers = new HeaderMap();
        headers.Add(HeaderId.Path, "/1"u8);
        var info = new StreamInfo();
        for (int i = 0; i < 250; i++)
        {
            var context = new FormatContext(info, headers);
            writer.Log(in context);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            var context = new FormatContext(info, headers);
            writer.Log(in context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private AccessLogWriter Writer(string format, AccessLogFilter? filter = null) => new FileAccessLogger
    {
        File = _flusher.Open(Log),
        Formatter = AccessLogFormatter.Text(format),
        Filter = filter,
    }.CreateWorkerState(_worker);

    private static void Write(AccessLogWriter writer, string path)
    {
        var headers = new HeaderMap();
        headers.Add(HeaderId.Path, Encoding.UTF8.GetBytes(path));
        var context = new FormatContext(new StreamInfo(), headers);
        writer.Log(in context);
    }

    private long Stat(AccessLogFileStat stat) => _stats.Sum(_flusher.StatRange, (int)stat);
}
