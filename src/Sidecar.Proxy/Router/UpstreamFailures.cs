using Sidecar.Core.Errors;
using Sidecar.Http.Codec;
using Sidecar.Proxy.Errors;
using Sidecar.Upstream.Pools;

namespace Sidecar.Proxy.Router;

/// <summary>What an attempt's end means: the line of the error table behind a reset or a pool's refusal. Stateless; thread: any.</summary>
internal static class UpstreamFailures
{
    public static ErrorDetail Of(StreamResetReason reason) => reason switch
    {
        StreamResetReason.RemoteReset or StreamResetReason.ConnectError => ProxyErrors.UpstreamRemoteReset,
        StreamResetReason.RemoteRefusedStreamReset => ProxyErrors.UpstreamRefusedStream,
        StreamResetReason.ConnectionFailure => ProxyErrors.UpstreamConnectionFailure,
        StreamResetReason.ConnectionTimeout => ProxyErrors.UpstreamConnectionTimeout,
        StreamResetReason.Overflow => ProxyErrors.UpstreamOverflow,
        StreamResetReason.ProtocolError => ProxyErrors.UpstreamProtocolError,
        StreamResetReason.LocalReset or StreamResetReason.LocalRefusedStreamReset => ProxyErrors.UpstreamLocalReset,
        _ => ProxyErrors.UpstreamConnectionTermination,
    };

    public static ErrorDetail Of(PoolFailureReason reason) => reason switch
    {
        PoolFailureReason.Overflow => ProxyErrors.UpstreamOverflow,
        PoolFailureReason.LocalConnectionFailure => ProxyErrors.UpstreamLocalConnectionFailure,
        PoolFailureReason.Timeout => ProxyErrors.UpstreamConnectionTimeout,
        _ => ProxyErrors.UpstreamConnectionFailure,
    };

    public static StreamResetReason ResetReasonOf(PoolFailureReason reason) => reason switch
    {
        PoolFailureReason.Overflow => StreamResetReason.Overflow,
        PoolFailureReason.Timeout => StreamResetReason.ConnectionTimeout,
        _ => StreamResetReason.ConnectionFailure,
    };

    /// <summary>The client has part of the response: all that is left is to cut it off.</summary>
    public static ErrorDetail AfterResponseStarted(StreamResetReason reason) =>
        reason is StreamResetReason.RemoteReset or StreamResetReason.RemoteRefusedStreamReset
            ? ProxyErrors.UpstreamRemoteResetAfterResponseStarted
            : ProxyErrors.UpstreamResetAfterResponseStarted;
}
