using System;
using Sidecar.Http.Headers;
using Sidecar.Proxy.Streams;

namespace Sidecar.Proxy.Substitution;

/// <summary>What caused a log line; printed by <c>%ACCESS_LOG_TYPE%</c>, names are Envoy's.</summary>
public enum AccessLogType : byte
{
    NotSet = 0,
    TcpUpstreamConnected,
    TcpPeriodic,
    TcpConnectionEnd,
    DownstreamStart,
    DownstreamPeriodic,
    DownstreamEnd,
    UpstreamPoolReady,
    UpstreamPeriodic,
    UpstreamEnd,
    DownstreamTunnelSuccessfullyEstablished,
    UdpTunnelUpstreamConnected,
    UdpPeriodic,
    UdpSessionEnd,
}

/// <summary>What format strings and log filters may read: everything is borrowed for the call. Thread: the worker.</summary>
public readonly ref struct FormatContext
{
    private static readonly HeaderMap s_noHeaders = new();

    /// <param name="info">The stream's facts.</param>
    /// <param name="requestHeaders">Null when there is no request (yet).</param>
    /// <param name="responseHeaders">Null when there is no response (yet).</param>
    /// <param name="responseTrailers">Null when there are none.</param>
    /// <param name="logType">What caused a log line.</param>
    /// <param name="localReplyBody">The body of a local reply while it is made.</param>
    public FormatContext(
        StreamInfo info,
        HeaderMap? requestHeaders,
        HeaderMap? responseHeaders = null,
        HeaderMap? responseTrailers = null,
        AccessLogType logType = AccessLogType.NotSet,
        ReadOnlySpan<byte> localReplyBody = default)
    {
        Info = info;
        RequestHeaders = requestHeaders ?? s_noHeaders;
        ResponseHeaders = responseHeaders ?? s_noHeaders;
        ResponseTrailers = responseTrailers ?? s_noHeaders;
        LogType = logType;
        LocalReplyBody = localReplyBody;
    }

    public StreamInfo Info { get; }

    public HeaderMap RequestHeaders { get; }

    public HeaderMap ResponseHeaders { get; }

    public HeaderMap ResponseTrailers { get; }

    public AccessLogType LogType { get; }

    public ReadOnlySpan<byte> LocalReplyBody { get; }
}
