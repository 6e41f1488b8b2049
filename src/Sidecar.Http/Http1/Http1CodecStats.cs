using Sidecar.Core.Stats;

namespace Sidecar.Http.Http1;

/// <summary>Envoy's HTTP/1 codec counters, below the scope <c>http1.</c>; the constants are lines of <see cref="Table"/>.</summary>
public static class Http1CodecStats
{
    public const int DroppedHeadersWithUnderscores = 0;
    public const int MetadataNotSupportedError = 1;
    public const int ProtocolError = 2;
    public const int RequestsRejectedWithUnderscoresInHeaders = 3;
    public const int ResponseFlood = 4;

    public static readonly StatTable Table = new(
        "http1",
        StatTable.Counter("dropped_headers_with_underscores"),
        StatTable.Counter("metadata_not_supported_error"),
        StatTable.Counter("protocol_error"),
        StatTable.Counter("requests_rejected_with_underscores_in_headers"),
        StatTable.Counter("response_flood"));
}
