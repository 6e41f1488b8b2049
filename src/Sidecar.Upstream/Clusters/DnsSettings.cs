namespace Sidecar.Upstream.Clusters;

/// <summary>Which address families are asked for. Values are Envoy's.</summary>
public enum DnsLookupFamily : byte
{
    /// <summary>IPv6, and IPv4 when there is no IPv6 address.</summary>
    Auto = 0,
    V4Only,
    V6Only,

    /// <summary>IPv4, and IPv6 when there is no IPv4 address.</summary>
    V4Preferred,

    /// <summary>Both; every address is a host (for LOGICAL_DNS: of the one host).</summary>
    All,
}

/// <summary>How STRICT_DNS and LOGICAL_DNS clusters resolve. Immutable; thread: any.</summary>
public sealed record DnsSettings
{
    public static readonly DnsSettings Default = new();

    public DnsLookupFamily LookupFamily { get; init; }

    public long RefreshRateMs { get; init; } = 5000;

    /// <summary>Up to so much is added to each refresh, at random.</summary>
    public long JitterMs { get; init; }

    /// <summary>First wait after a failure; 0 means <see cref="RefreshRateMs"/>.</summary>
    public long FailureBaseIntervalMs { get; init; }

    /// <summary>Longest wait after failures; 0 means ten times the base.</summary>
    public long FailureMaxIntervalMs { get; init; }
}
