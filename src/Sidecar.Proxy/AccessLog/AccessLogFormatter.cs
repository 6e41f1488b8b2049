using System.Buffers;
using Sidecar.Core.Buffers;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.AccessLog;

/// <summary>A compiled log format: text or JSON, one line an exchange. Writing allocates nothing. Immutable; thread: any.</summary>
public sealed class AccessLogFormatter
{
    /// <summary>Envoy's format when none is configured.</summary>
    public const string DefaultFormat =
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE% %RESPONSE_FLAGS% "
        + "%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" "
        + "\"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"\n";

    private readonly SubstitutionFormat? _text;
    private readonly JsonFormat? _json;

    private AccessLogFormatter(SubstitutionFormat? text, JsonFormat? json)
    {
        _text = text;
        _json = json;
    }

    /// <summary>Envoy's default line.</summary>
    public static AccessLogFormatter Default { get; } = Text(DefaultFormat);

    /// <summary>A text format; line ends are the format's own. Main thread.</summary>
    /// <exception cref="SubstitutionFormatException">An operator is unknown or malformed.</exception>
    public static AccessLogFormatter Text(string format, bool omitEmptyValues = false) =>
        new(SubstitutionFormat.Compile(format, omitEmptyValues), null);

    /// <summary>A JSON format; each object ends its line. Main thread.</summary>
    /// <exception cref="SubstitutionFormatException">An operator is unknown or malformed.</exception>
    public static AccessLogFormatter Json(StructValue format, bool omitEmptyValues = false) =>
        new(null, JsonFormat.Compile(format, omitEmptyValues));

    /// <summary>Appends the line of one exchange.</summary>
    public void Format(TextBuffer output, in FormatContext context)
    {
        if (_text is not null)
        {
            _text.Write(in context, output);
            return;
        }

        _json!.Write(in context, output);
        output.Append((byte)'\n');
    }

    /// <inheritdoc cref="Format(TextBuffer, in FormatContext)"/>
    public void Format(BufferChain output, in FormatContext context)
    {
        TextBuffer line = TextBuffer.Scratch;
        Format(line, in context);
        output.Append(line.Written);
    }

    /// <inheritdoc cref="Format(TextBuffer, in FormatContext)"/>
    public void Format(IBufferWriter<byte> output, in FormatContext context)
    {
        TextBuffer line = TextBuffer.Scratch;
        Format(line, in context);
        output.Write(line.Written);
    }
}
