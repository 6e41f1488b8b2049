using Envoy.Config.Core.V3;
using Sidecar.Config.Conversion;

namespace Sidecar.Config.HttpProtocols;

/// <summary>Limits of message heads, which stand outside the options of the protocols to which they apply. Immutable.</summary>
/// <param name="MaxKb">Most KiB of a head.</param>
/// <param name="MaxCount">Most fields of a head.</param>
/// <param name="UnderscoresAction">What is done with names that contain underscores; the values are Envoy's.</param>
internal sealed record HeaderLimits(
    int MaxKb, int MaxCount, HttpProtocolOptions.Types.HeadersWithUnderscoresAction UnderscoresAction)
{
    private const int DefaultMaxKb = 60;
    private const int DefaultMaxCount = 100;
    private const int HighestMaxKb = 8192;
    private const int HighestMaxCount = 10_000;

    /// <summary>The limits of <c>common_http_protocol_options</c> and <c>max_request_headers_kb</c>; null means not set.</summary>
    public static HeaderLimits Build(HttpProtocolOptions? common, uint? maxKb, FieldScope at)
    {
        uint count = common?.MaxHeadersCount ?? DefaultMaxCount;
        if (count > HighestMaxCount)
        {
            at.Field("common_http_protocol_options").Error("max_headers_count", $"is over {HighestMaxCount}");
        }

        if (maxKb > HighestMaxKb)
        {
            at.Error("max_request_headers_kb", $"is over {HighestMaxKb}");
        }

        return new HeaderLimits(
            (int)(maxKb ?? DefaultMaxKb),
            (int)count,
            common?.HeadersWithUnderscoresAction ?? HttpProtocolOptions.Types.HeadersWithUnderscoresAction.Allow);
    }
}
