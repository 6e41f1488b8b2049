using System;
using System.IO;
using System.Text;
using System.Threading;
using Sidecar.Core.Logging;

namespace Sidecar.Core.Tests.Logging;

public sealed class LogPipelineTests
{
    [Fact]
    public void Flush_WritesWhatIsQueued()
    {
        var stream = new MemoryStream();
        using var pipeline = new LogPipeline(() => stream, LogFormat.Text("%l %n %v"), capacity: 16);

        pipeline.Write(new Logger("http"), LogLevel.Info, "hello", "/_/src/A.cs", 1);
        pipeline.Flush();

        Assert.Equal("info http hello\n", Text(stream));
    }

    [Fact]
    public void SourcePath_IsRelativeToTheRepository()
    {
        var stream = new MemoryStream();
        using var pipeline = new LogPipeline(() => stream, LogFormat.Text("%g"), capacity: 16);

        pipeline.Write(new Logger("http"), LogLevel.Info, "hello", "/_/src/A.cs", 1);
        pipeline.Flush();

        Assert.Equal("src/A.cs\n", Text(stream));
    }

    [Fact]
    public void StuckWriter_DropsWhatDoesNotFitAndSaysSo()
    {
        var stream = new BlockingStream();
        using var pipeline = new LogPipeline(() => stream, LogFormat.Text("%v"), capacity: 4);
        var logger = new Logger("http");
        pipeline.Write(logger, LogLevel.Info, "first", "", 1);
        stream.WaitUntilBlocked();

        for (int i = 0; i < 10; i++)
        {
            pipeline.Write(logger, LogLevel.Info, "line", "", 1);
        }

        Assert.Equal(6, pipeline.DroppedLines);
        stream.Unblock();
        pipeline.Flush();
        Assert.Contains("line\nline\nline\nline\n", stream.Written, StringComparison.Ordinal);
        Assert.Contains("dropped 6 log lines", stream.Written, StringComparison.Ordinal);
    }

    [Fact]
    public void FailingStream_DoesNotThrowIntoTheCaller()
    {
        using var pipeline = new LogPipeline(static () => throw new IOException("disk full"), LogFormat.Default, capacity: 4);
        pipeline.Write(new Logger("http"), LogLevel.Info, "hello", "", 1);
        pipeline.Flush();
        Assert.Equal(0, pipeline.DroppedLines);
    }

    [Fact]
    public void Reopen_OpensTheFileAgain()
    {
        int opened = 0;
        using var pipeline = new LogPipeline(
            () =>
            {
                opened++;
                return new MemoryStream();
            },
            LogFormat.Default,
            capacity: 4);
        pipeline.Write(new Logger("http"), LogLevel.Info, "hello", "", 1);
        pipeline.Flush();

        pipeline.Reopen();
        pipeline.Write(new Logger("http"), LogLevel.Info, "hello", "", 1);
        pipeline.Flush();

        Assert.Equal(2, opened);
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    /// <summary>Holds the first write until it is told to go on.</summary>
    private sealed class BlockingStream : MemoryStream
    {
        private readonly ManualResetEventSlim _isBlocked = new();
        private readonly ManualResetEventSlim _mayGo = new();

        public string Written => Encoding.UTF8.GetString(ToArray());

        public void WaitUntilBlocked() => Assert.True(_isBlocked.Wait(TimeSpan.FromSeconds(10)));

        public void Unblock() => _mayGo.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _isBlocked.Set();
            _mayGo.Wait();
            base.Write(buffer);
        }
    }
}
