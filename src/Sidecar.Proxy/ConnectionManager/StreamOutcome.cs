using Sidecar.Core.Errors;
using Sidecar.Core.Stats;
using Sidecar.Http.Codec;
using Sidecar.Proxy.AccessLog;
using Sidecar.Proxy.Errors;
using Sidecar.Proxy.Streams;
using Sidecar.Proxy.Substitution;

namespace Sidecar.Proxy.ConnectionManager;

/// <summary>What is written down when an exchange is over: response code counters, duration, access logs. Stateless; thread: the worker.</summary>
internal static class StreamOutcome
{
    /// <summary>The client went away or broke the protocol in the middle.</summary>
    public static void RecordDownstreamReset(HttpStream stream, StreamResetReason reason, ErrorDetail? detail)
    {
        stream.Stats.Increment((int)HttpStat.DownstreamRqRxReset);
        StreamInfo info = stream.Info;
        switch (reason)
        {
            case StreamResetReason.ConnectionTermination or StreamResetReason.ConnectionFailure:
                info.SetResponse(ProxyErrors.DownstreamConnectionTermination);
                break;
            case StreamResetReason.RemoteReset or StreamResetReason.RemoteRefusedStreamReset:
                info.SetResponse(ProxyErrors.DownstreamRemoteReset);
                break;
            default:
                info.ResponseFlags |= ResponseFlags.DownstreamProtocolError;
                if (detail is not null)
                {
                    info.SetResponse(detail);
                }

                break;
        }
    }

    /// <summary>The exchange is over, however it ended; once a stream.</summary>
    public static void Record(HttpStream stream)
    {
        StatBlock stats = stream.Stats;
        StreamInfo info = stream.Info;
        long now = stream.Worker.Dispatcher.NowNs;
        info.Complete(now);
        stats.Decrement((int)HttpStat.DownstreamRqActive);
        stats.Record((int)HttpStat.DownstreamRqTime, (now - info.StartNs) / 1_000_000);
        if (info.ResponseCode != 0)
        {
            stats.Increment((int)HttpStat.DownstreamRqCompleted);
            int codeClass = info.ResponseCode / 100;
            if (codeClass is >= 1 and <= 5)
            {
                stats.Increment((int)HttpStat.DownstreamRq1xx + codeClass - 1);
            }
        }

        AccessLogWriter[] logs = stream.State.AccessLogs;
        if (logs.Length == 0)
        {
            return;
        }

        var context = new FormatContext(info, stream.RequestHeaders, stream.ResponseHeaders, stream.ResponseTrailers);
        foreach (AccessLogWriter log in logs)
        {
            log.Log(in context);
        }
    }
}
