using System.IO;
using Envoy.Extensions.AccessLoggers.File.V3;
using Envoy.Extensions.AccessLoggers.Stream.V3;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Config.Conversion;
using Sidecar.Extensions.AccessLoggers.File;
using Sidecar.Proxy.AccessLog;
using FormatCase = Envoy.Extensions.AccessLoggers.File.V3.FileAccessLog.AccessLogFormatOneofCase;

namespace Sidecar.Config.AccessLoggers.File;

/// <summary>The access loggers that write lines: to a file, to standard output, to standard error. Thread: main.</summary>
internal static class FileAccessLoggerFactory
{
    private const string StandardOutput = "/dev/stdout";
    private const string StandardError = "/dev/stderr";

    public static AccessLogger? Build(Any config, AccessLogFilter? filter, FieldScope at)
    {
        if (at.Parse<FileAccessLog>(config) is not { } proto)
        {
            return null;
        }

        AccessLogFormatter formatter = proto.AccessLogFormatCase switch
        {
            FormatCase.Format => LogFormatConverter.Text(proto.Format, omitEmptyValues: false, at.Field("format")),
            FormatCase.JsonFormat => LogFormatConverter.Json(proto.JsonFormat, omitEmptyValues: false, at.Field("json_format")),
            FormatCase.TypedJsonFormat => LogFormatConverter.Json(proto.TypedJsonFormat, omitEmptyValues: false, at.Field("typed_json_format")),
            _ => LogFormatConverter.Build(proto.LogFormat, at.Field("log_format")),
        };
        return Open(proto.Path, formatter, filter, at);
    }

    public static AccessLogger? BuildStdout(Any config, AccessLogFilter? filter, FieldScope at) => at.Parse<StdoutAccessLog>(config) is { } proto
        ? Open(StandardOutput, LogFormatConverter.Build(proto.LogFormat, at.Field("log_format")), filter, at)
        : null;

    public static AccessLogger? BuildStderr(Any config, AccessLogFilter? filter, FieldScope at) => at.Parse<StderrAccessLog>(config) is { } proto
        ? Open(StandardError, LogFormatConverter.Build(proto.LogFormat, at.Field("log_format")), filter, at)
        : null;

    private static FileAccessLogger? Open(string path, AccessLogFormatter formatter, AccessLogFilter? filter, FieldScope at)
    {
        try
        {
            return new FileAccessLogger { File = at.Services.LogFiles.Open(path), Formatter = formatter, Filter = filter };
        }
        catch (IOException unopened)
        {
            at.Error("path", unopened.Message);
            return null;
        }
    }
}
