using Sidecar.Core.Stats;
using static Sidecar.Core.Stats.StatTable;

namespace Sidecar.Extensions.AccessLoggers.File;

/// <summary>Stats below <c>access_log_file.</c></summary>
internal enum AccessLogFileStat
{
    FlushedByTimer,
    ReopenFailed,
    WriteBuffered,
    WriteCompleted,
    WriteFailed,
    WriteTotalBuffered,
}

/// <summary>The table behind <see cref="AccessLogFileStat"/>, line by line.</summary>
public static class AccessLogFileStats
{
    public const string Scope = "access_log_file.";

    public static readonly StatTable Table = new(
        "access_log_file",
        Counter("flushed_by_timer"),
        Counter("reopen_failed"),
        Counter("write_buffered"),
        Counter("write_completed"),
        Counter("write_failed"),
        Gauge("write_total_buffered"));
}
