using System;

namespace Sidecar.Core.Logging;

/// <summary>What one log line is made of.</summary>
/// <param name="Timestamp">When it was written, in local time.</param>
/// <param name="Component">The logger's name.</param>
/// <param name="ThreadId">The kernel's id of the thread.</param>
/// <param name="File">Source file, relative to the repository.</param>
public readonly record struct LogRecord(
    DateTimeOffset Timestamp, LogLevel Level, string Component, string Message, int ThreadId, string File, int Line);
