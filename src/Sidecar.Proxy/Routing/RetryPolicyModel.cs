using System.Collections.Generic;
using System.Text;
using Sidecar.Proxy.Matching;

namespace Sidecar.Proxy.Routing;

/// <summary>A compiled retry policy, every default resolved. Immutable; thread: any. Times are milliseconds.</summary>
public sealed class RetryPolicyModel
{
    private const long DefaultBaseIntervalMs = 25;

    /// <summary>No policy: retries only when request headers ask for them.</summary>
    public static readonly RetryPolicyModel None = new(new RetryPolicyConfig());

    /// <exception cref="Matching.Regex.RegexSyntaxException">A header regex is malformed.</exception>
    public RetryPolicyModel(RetryPolicyConfig config)
    {
        RetryOn = RetryOnText.Parse(Encoding.UTF8.GetBytes(config.RetryOn), out _);
        NumRetries = config.NumRetries;
        PerTryTimeoutMs = config.PerTryTimeoutMs;
        PerTryIdleTimeoutMs = config.PerTryIdleTimeoutMs;
        BaseIntervalMs = config.RetryBackOff?.BaseIntervalMs is > 0 and { } interval ? interval : DefaultBaseIntervalMs;
        MaxIntervalMs = config.RetryBackOff?.MaxIntervalMs is > 0 and { } maximum ? maximum : BaseIntervalMs * 10;
        HostPredicates = config.RetryHostPredicates;
        HostSelectionMaxAttempts = config.HostSelectionRetryMaxAttempts;
        RetryPriority = config.RetryPriority;
        RetriableStatusCodes = [.. config.RetriableStatusCodes];
        RetriableHeaders = HeaderMatcher.Compile(config.RetriableHeaders);
        RetriableRequestHeaders = HeaderMatcher.Compile(config.RetriableRequestHeaders);
        ResetHeaders = ResetHeader.Compile(config.RateLimitedRetryBackOff);
        ResetMaxIntervalMs = config.RateLimitedRetryBackOff?.MaxIntervalMs ?? 0;
    }

    public RetryOn RetryOn { get; }

    public uint NumRetries { get; }

    public long PerTryTimeoutMs { get; }

    public long PerTryIdleTimeoutMs { get; }

    /// <summary>Upper bound of the first back-off.</summary>
    public long BaseIntervalMs { get; }

    /// <summary>Upper bound of every back-off.</summary>
    public long MaxIntervalMs { get; }

    public IReadOnlyList<string> HostPredicates { get; }

    public uint HostSelectionMaxAttempts { get; }

    public object? RetryPriority { get; }

    internal int[] RetriableStatusCodes { get; }

    internal HeaderMatcher[] RetriableHeaders { get; }

    internal HeaderMatcher[] RetriableRequestHeaders { get; }

    internal ResetHeader[] ResetHeaders { get; }

    internal long ResetMaxIntervalMs { get; }
}
