using System;
using Sidecar.Http.Codec;

namespace Sidecar.Http.Http2;

/// <summary>
/// Envoy's Http2ProtocolOptions with its defaults (those since 1.36), and the header limits that stand beside them in its API.
/// Built once by the configuration, shared by all connections. Immutable; thread: any.
/// </summary>
public sealed record Http2Settings
{
    /// <summary>The RFC's initial value of every window (RFC 9113 section 6.9.2), in bytes.</summary>
    public const int DefaultWindowBytes = 65_535;

    /// <summary>Larger dynamic tables are not worth their memory: <c>hpack_table_size</c> above this counts as this.</summary>
    public const int MaxHpackTableBytes = 1024 * 1024;

    /// <summary>All defaults.</summary>
    public static readonly Http2Settings Default = new();

    private readonly int _hpackTableBytes = 4096;

    /// <summary><c>hpack_table_size</c>: of both directions' dynamic tables, in bytes.</summary>
    public int HpackTableBytes
    {
        get => _hpackTableBytes;
        init => _hpackTableBytes = Math.Clamp(value, 0, MaxHpackTableBytes);
    }

    /// <summary><c>max_concurrent_streams</c> that the peer may have open; a client applies it as its own upper limit.</summary>
    public uint MaxConcurrentStreams { get; init; } = 1024;

    /// <summary><c>initial_stream_window_size</c>, in bytes, from 65,535 to 2^31 - 1.</summary>
    public int InitialStreamWindowBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary><c>initial_connection_window_size</c>, in bytes, from 65,535 to 2^31 - 1.</summary>
    public int InitialConnectionWindowBytes { get; init; } = 24 * 1024 * 1024;

    /// <summary><c>allow_connect</c>: extended CONNECT (RFC 8441).</summary>
    public bool AllowConnect { get; init; }

    /// <summary><c>max_outbound_frames</c> of all types waiting for the socket.</summary>
    public uint MaxOutboundFrames { get; init; } = 10_000;

    /// <summary><c>max_outbound_control_frames</c>: PING, SETTINGS and RST_STREAM waiting for the socket.</summary>
    public uint MaxOutboundControlFrames { get; init; } = 1_000;

    /// <summary><c>max_consecutive_inbound_frames_with_empty_payload</c> and no end of stream.</summary>
    public uint MaxConsecutiveEmptyFrames { get; init; } = 1;

    /// <summary><c>max_inbound_priority_frames_per_stream</c>.</summary>
    public uint MaxPriorityFramesPerStream { get; init; } = 100;

    /// <summary><c>max_inbound_window_update_frames_per_data_frame_sent</c>.</summary>
    public uint MaxWindowUpdateFramesPerDataFrame { get; init; } = 10;

    /// <summary>
    /// <c>override_stream_error_on_invalid_http_message</c>: an invalid message resets its stream; otherwise (the default) it ends
    /// the connection.
    /// </summary>
    public bool StreamErrorOnInvalidMessage { get; init; }

    /// <summary><c>connection_keepalive.interval</c> in nanoseconds, 0 for none. The codec's owner keeps the timers.</summary>
    public long KeepaliveIntervalNs { get; init; }

    /// <summary><c>connection_keepalive.timeout</c> in nanoseconds.</summary>
    public long KeepaliveTimeoutNs { get; init; }

    /// <summary><c>connection_keepalive.interval_jitter</c> in percent.</summary>
    public double KeepaliveIntervalJitterPercent { get; init; } = 15;

    /// <summary><c>connection_keepalive.connection_idle_interval</c> in nanoseconds, 0 for none.</summary>
    public long KeepaliveConnectionIdleIntervalNs { get; init; }

    /// <summary>
    /// <c>max_request_headers_kb</c> (servers) or <c>max_response_headers_kb</c> (clients) in bytes, names and values together.
    /// </summary>
    public int MaxHeadersBytes { get; init; } = 60 * 1024;

    /// <summary><c>max_headers_count</c>.</summary>
    public int MaxHeadersCount { get; init; } = 100;

    /// <summary><c>headers_with_underscores_action</c>; servers only.</summary>
    public HeadersWithUnderscoresAction UnderscoresAction { get; init; }
}
