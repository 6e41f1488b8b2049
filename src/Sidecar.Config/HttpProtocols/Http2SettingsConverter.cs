using System;
using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;
using Sidecar.Config.Values;
using Sidecar.Http.Codec;
using Sidecar.Http.Http2;

namespace Sidecar.Config.HttpProtocols;

/// <summary><c>Http2ProtocolOptions</c>, of a connection manager or of a cluster. Thread: main.</summary>
internal static class Http2SettingsConverter
{
    /// <inheritdoc cref="Http1SettingsConverter.Build"/>
    public static Http2Settings Build(Http2ProtocolOptions? proto, HeaderLimits limits, bool streamErrorOnInvalid, FieldScope at)
    {
        proto ??= new Http2ProtocolOptions();
        Http2Settings defaults = Http2Settings.Default;
        KeepaliveSettings? keepalive = proto.ConnectionKeepalive;
        FieldScope there = at.Field("connection_keepalive");
        return new Http2Settings
        {
            MaxHeadersBytes = limits.MaxKb * 1024,
            MaxHeadersCount = limits.MaxCount,
            UnderscoresAction = (HeadersWithUnderscoresAction)limits.UnderscoresAction,
            HpackTableBytes = (int)Math.Min(proto.HpackTableSize ?? (uint)defaults.HpackTableBytes, Http2Settings.MaxHpackTableBytes),
            MaxConcurrentStreams = proto.MaxConcurrentStreams ?? defaults.MaxConcurrentStreams,
            InitialStreamWindowBytes = (int)(proto.InitialStreamWindowSize ?? (uint)defaults.InitialStreamWindowBytes),
            InitialConnectionWindowBytes = (int)(proto.InitialConnectionWindowSize ?? (uint)defaults.InitialConnectionWindowBytes),
            AllowConnect = proto.AllowConnect,
            MaxOutboundFrames = proto.MaxOutboundFrames ?? defaults.MaxOutboundFrames,
            MaxOutboundControlFrames = proto.MaxOutboundControlFrames ?? defaults.MaxOutboundControlFrames,
            MaxConsecutiveEmptyFrames = proto.MaxConsecutiveInboundFramesWithEmptyPayload ?? defaults.MaxConsecutiveEmptyFrames,
            MaxPriorityFramesPerStream = proto.MaxInboundPriorityFramesPerStream ?? defaults.MaxPriorityFramesPerStream,
            MaxWindowUpdateFramesPerDataFrame =
                proto.MaxInboundWindowUpdateFramesPerDataFrameSent ?? defaults.MaxWindowUpdateFramesPerDataFrame,
            StreamErrorOnInvalidMessage = proto.OverrideStreamErrorOnInvalidHttpMessage ?? streamErrorOnInvalid,
            KeepaliveIntervalNs = Times.Ns(keepalive?.Interval, 0, there, "interval"),
            KeepaliveTimeoutNs = Times.Ns(keepalive?.Timeout, 0, there, "timeout"),
            KeepaliveIntervalJitterPercent = Percents.Read(keepalive?.IntervalJitter, defaults.KeepaliveIntervalJitterPercent),
            KeepaliveConnectionIdleIntervalNs = Times.Ns(keepalive?.ConnectionIdleInterval, 0, there, "connection_idle_interval"),
        };
    }
}
