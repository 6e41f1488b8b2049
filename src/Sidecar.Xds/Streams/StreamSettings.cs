using Sidecar.Xds.Scheduling;

namespace Sidecar.Xds.Streams;

/// <summary>How a link to a control plane behaves. Immutable.</summary>
public sealed record StreamSettings
{
    public static readonly StreamSettings Default = new();

    /// <summary>First interval of the reconnect back-off (<c>retry_policy.retry_back_off.base_interval</c> of the gRPC service).</summary>
    public long RetryBaseMs { get; init; } = JitteredBackOff.DefaultBaseMs;

    /// <summary>Its longest interval.</summary>
    public long RetryMaxMs { get; init; } = JitteredBackOff.DefaultMaxMs;

    /// <summary><c>rate_limit_settings.max_tokens</c>: requests that may go out at once; 0 means no rate limit.</summary>
    public uint MaxRequestTokens { get; init; }

    /// <summary><c>rate_limit_settings.fill_rate</c>: requests a second.</summary>
    public double RequestsPerSecond { get; init; } = 10;
}
