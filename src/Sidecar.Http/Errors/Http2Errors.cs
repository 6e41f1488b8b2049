using Sidecar.Core.Errors;
using Sidecar.Http.Http2;

namespace Sidecar.Http.Errors;

/// <summary>
/// Everything that can be wrong with what a peer sends, and what follows from it. Details are Envoy's where Envoy names the case;
/// the others have the form of its codec errors. The blame is the side that the codec faces. Immutable; thread: any.
/// </summary>
public static class Http2Errors
{
    // One message.
    public static readonly ErrorDetail InvalidHeaderField = Stream("http2.invalid.header.field", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail MessagingViolation = Stream("http2.violation.of.messaging.rule", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail TooManyHeaders = Stream("http2.too_many_headers", Http2ErrorCode.InternalError);
    public static readonly ErrorDetail UnexpectedUnderscore = Stream("http2.unexpected_underscore", Http2ErrorCode.InternalError);

    // One stream.
    public static readonly ErrorDetail RemoteRefused = Stream("http2.remote_refuse", Http2ErrorCode.NoError);
    public static readonly ErrorDetail RemoteReset = Stream("http2.remote_reset", Http2ErrorCode.NoError);
    public static readonly ErrorDetail StreamClosed = Stream("codec_error:stream_closed", Http2ErrorCode.StreamClosed);
    public static readonly ErrorDetail StreamWindowExceeded =
        Stream("codec_error:stream_flow-control_window_exceeded", Http2ErrorCode.FlowControlError);
    public static readonly ErrorDetail StreamWindowOverflow = Stream("codec_error:stream_window_overflow", Http2ErrorCode.FlowControlError);
    public static readonly ErrorDetail StreamZeroIncrement = Stream("codec_error:WINDOW_UPDATE_of_zero", Http2ErrorCode.ProtocolError);

    // The connection: framing.
    public static readonly ErrorDetail BadPreface = Connection("codec_error:bad_connection_preface", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail SettingsExpected = Connection("codec_error:SETTINGS_expected", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail FrameSize = Connection("codec_error:bad_frame_size", Http2ErrorCode.FrameSizeError);
    public static readonly ErrorDetail StreamIdOfFrame = Connection("codec_error:bad_stream_id", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail ContinuationExpected = Connection("codec_error:CONTINUATION_expected", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail UnexpectedContinuation =
        Connection("codec_error:unexpected_CONTINUATION", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail Padding = Connection("codec_error:padding_too_long", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail PushPromise = Connection("codec_error:unexpected_PUSH_PROMISE", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail SelfDependency = Connection("codec_error:stream_depends_on_itself", Http2ErrorCode.ProtocolError);

    // The connection: streams and settings.
    public static readonly ErrorDetail IdleStream = Connection("codec_error:frame_on_idle_stream", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail ClosedStream = Connection("codec_error:frame_on_closed_stream", Http2ErrorCode.StreamClosed);
    public static readonly ErrorDetail InvalidSetting = Connection("codec_error:invalid_setting", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail InvalidWindowSetting =
        Connection("codec_error:invalid_initial_window_size", Http2ErrorCode.FlowControlError);
    public static readonly ErrorDetail UnexpectedSettingsAck =
        Connection("codec_error:unexpected_SETTINGS_ack", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail Compression = Connection("codec_error:header_compression", Http2ErrorCode.CompressionError);
    public static readonly ErrorDetail WindowExceeded =
        Connection("codec_error:flow-control_window_exceeded", Http2ErrorCode.FlowControlError);
    public static readonly ErrorDetail WindowOverflow = Connection("codec_error:window_overflow", Http2ErrorCode.FlowControlError);
    public static readonly ErrorDetail ZeroIncrement = Connection("codec_error:WINDOW_UPDATE_of_zero", Http2ErrorCode.ProtocolError);

    // The connection: messages, when configured not to be stream errors (the default).
    public static readonly ErrorDetail InvalidHeaderFieldOnConnection =
        Connection("http2.invalid.header.field", Http2ErrorCode.ProtocolError);
    public static readonly ErrorDetail MessagingViolationOnConnection =
        Connection("http2.violation.of.messaging.rule", Http2ErrorCode.ProtocolError);

    // The connection: floods.
    public static readonly ErrorDetail EmptyFramesFlood = Connection("http2.inbound_empty_frames_flood", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail PriorityFlood = Connection("codec_error:Too_many_PRIORITY_frames", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail WindowUpdateFlood =
        Connection("codec_error:Too_many_WINDOW_UPDATE_frames", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail ContinuationFlood =
        Connection("codec_error:Too_many_CONTINUATION_frames", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail OutboundFlood = Connection("http2.outbound_frames_flood", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail OutboundControlFlood = Connection("http2.outbound_frames_flood", Http2ErrorCode.EnhanceYourCalm);
    public static readonly ErrorDetail KeepaliveTimeout = Connection("codec_error:keepalive_timeout", Http2ErrorCode.NoError);

    /// <summary>The same message error at connection scope, for <c>stream_error_on_invalid_http_messaging: false</c>.</summary>
    internal static ErrorDetail AtConnection(ErrorDetail detail) => ReferenceEquals(detail, InvalidHeaderField)
        ? InvalidHeaderFieldOnConnection
        : MessagingViolationOnConnection;

    private static ErrorDetail Stream(string details, Http2ErrorCode code) =>
        new() { Details = details, Scope = ErrorScope.Stream, Http2Code = (uint)code };

    private static ErrorDetail Connection(string details, Http2ErrorCode code) =>
        new() { Details = details, Scope = ErrorScope.Connection, Http2Code = (uint)code };
}
