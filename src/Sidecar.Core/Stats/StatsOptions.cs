using Sidecar.Core.Stats.Tags;

namespace Sidecar.Core.Stats;

/// <summary>The bootstrap's <c>stats_config</c>, translated. Immutable; thread: any.</summary>
public sealed class StatsOptions
{
    /// <summary>Which stats exist.</summary>
    public StatsMatcher Matcher { get; init; } = StatsMatcher.AcceptAll;

    public TagExtraction Tags { get; init; } = TagExtraction.Default;

    public HistogramBuckets Buckets { get; init; } = HistogramBuckets.Default;
}
