using System.Numerics;
using Sidecar.Core.Errors;

namespace Sidecar.Proxy.Substitution;

/// <summary>Envoy's short and long names of the response flags. Thread: any.</summary>
public static class ResponseFlagNames
{
    /// <summary>In bit order.</summary>
    private static readonly string[] s_short =
    [
        "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR",
        "RFCF", "NFCF", "DT", "UPE", "NC", "OM", "DF", "DO", "DR", "UDO",
    ];

    private static readonly string[] s_long =
    [
        "FailedLocalHealthCheck", "NoHealthyUpstream", "UpstreamRequestTimeout", "LocalReset", "UpstreamRemoteReset",
        "UpstreamConnectionFailure", "UpstreamConnectionTermination", "UpstreamOverflow", "NoRouteFound", "DelayInjected",
        "FaultInjected", "RateLimited", "UnauthorizedExternalService", "RateLimitServiceError", "DownstreamConnectionTermination",
        "UpstreamRetryLimitExceeded", "StreamIdleTimeout", "InvalidEnvoyRequestHeaders", "DownstreamProtocolError",
        "UpstreamMaxStreamDurationReached", "ResponseFromCacheFilter", "NoFilterConfigFound", "DurationTimeout", "UpstreamProtocolError",
        "NoClusterFound", "OverloadManagerTerminated", "DnsResolutionFailed", "DropOverLoad", "DownstreamRemoteReset",
        "UnconditionalDropOverload",
    ];

    /// <summary>How many flags there are.</summary>
    public static int Count => s_short.Length;

    /// <summary>The flag with a short name, or none.</summary>
    public static bool TryParse(string shortName, out ResponseFlags flag)
    {
        for (int i = 0; i < s_short.Length; i++)
        {
            if (s_short[i] == shortName)
            {
                flag = (ResponseFlags)(1L << i);
                return true;
            }
        }

        flag = ResponseFlags.None;
        return false;
    }

    /// <summary>The short name of one flag.</summary>
    public static string Short(ResponseFlags flag) => s_short[BitOperations.Log2((ulong)flag)];

    /// <summary>Writes the names of the flags that are set, with commas; false when none is.</summary>
    internal static bool TryWrite(ResponseFlags flags, bool longNames, TextBuffer output)
    {
        ulong left = (ulong)flags;
        bool any = false;
        for (; left != 0; left &= left - 1)
        {
            int bit = BitOperations.TrailingZeroCount(left);
            if (bit >= s_short.Length)
            {
                break;
            }

            if (any)
            {
                output.Append((byte)',');
            }

            output.Append(longNames ? s_long[bit] : s_short[bit]);
            any = true;
        }

        return any;
    }
}
