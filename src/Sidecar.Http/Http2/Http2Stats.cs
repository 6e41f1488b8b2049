using Sidecar.Core.Stats;

namespace Sidecar.Http.Http2;

/// <summary>Offsets into <see cref="Http2Stats.Table"/>.</summary>
public static class Http2Stat
{
    public const int DeferredStreamClose = 0;
    public const int DroppedHeadersWithUnderscores = 1;
    public const int GoawayGracefulSent = 2;
    public const int GoawaySent = 3;
    public const int HeaderOverflow = 4;
    public const int HeadersCbNoStream = 5;
    public const int InboundEmptyFramesFlood = 6;
    public const int InboundPriorityFramesFlood = 7;
    public const int InboundWindowUpdateFramesFlood = 8;
    public const int KeepaliveTimeout = 9;
    public const int MetadataEmptyFrames = 10;
    public const int OutboundControlFlood = 11;
    public const int OutboundControlFramesActive = 12;
    public const int OutboundFlood = 13;
    public const int OutboundFramesActive = 14;
    public const int PendingSendBytes = 15;
    public const int RequestsRejectedWithUnderscoresInHeaders = 16;
    public const int RxMessagingError = 17;
    public const int RxReset = 18;
    public const int StreamRefusedErrors = 19;
    public const int StreamsActive = 20;
    public const int Trailers = 21;
    public const int TxFlushTimeout = 22;
    public const int TxReset = 23;
}

/// <summary>
/// Envoy's <c>http2.</c> codec stats, registered under <c>http2.</c> for downstream and <c>cluster.NAME.http2.</c> for upstream
/// connections. <c>metadata_empty_frames</c> and <c>headers_cb_no_stream</c> stay 0: METADATA is not spoken, and the case behind the
/// other does not exist here.
/// </summary>
public static class Http2Stats
{
    public static readonly StatTable Table = new(
        "http2",
        StatTable.Gauge("deferred_stream_close"),
        StatTable.Counter("dropped_headers_with_underscores"),
        StatTable.Counter("goaway_graceful_sent"),
        StatTable.Counter("goaway_sent"),
        StatTable.Counter("header_overflow"),
        StatTable.Counter("headers_cb_no_stream"),
        StatTable.Counter("inbound_empty_frames_flood"),
        StatTable.Counter("inbound_priority_frames_flood"),
        StatTable.Counter("inbound_window_update_frames_flood"),
        StatTable.Counter("keepalive_timeout"),
        StatTable.Counter("metadata_empty_frames"),
        StatTable.Counter("outbound_control_flood"),
        StatTable.Gauge("outbound_control_frames_active"),
        StatTable.Counter("outbound_flood"),
        StatTable.Gauge("outbound_frames_active"),
        StatTable.Gauge("pending_send_bytes"),
        StatTable.Counter("requests_rejected_with_underscores_in_headers"),
        StatTable.Counter("rx_messaging_error"),
        StatTable.Counter("rx_reset"),
        StatTable.Counter("stream_refused_errors"),
        StatTable.Gauge("streams_active"),
        StatTable.Counter("trailers"),
        StatTable.Counter("tx_flush_timeout"),
        StatTable.Counter("tx_reset"));
}
