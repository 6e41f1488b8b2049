namespace Sidecar.Server.Admin.Stats;

/// <summary>How <c>/stats</c> shows histograms (<c>histogram_buckets</c>).</summary>
public enum HistogramMode : byte
{
    /// <summary>Quantiles; <c>none</c> and <c>summary</c>.</summary>
    Quantiles = 0,

    /// <summary>Samples at or below each bound.</summary>
    Cumulative,

    /// <summary>Samples between two bounds.</summary>
    Disjoint,

    /// <summary>Every bucket as it is counted, and quantiles.</summary>
    Detailed,
}
