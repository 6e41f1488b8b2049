using System;
using System.Collections.Generic;

namespace Sidecar.Core.Stats;

/// <summary>
/// The upper bounds of Prometheus' buckets by stat name (<c>stats_config.histogram_bucket_settings</c>); the first match wins. Immutable;
/// thread: any.
/// </summary>
public sealed class HistogramBuckets
{
    /// <summary>Envoy's default bounds.</summary>
    private static readonly double[] s_defaultBounds =
    [
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
    ];

    private readonly (StatsMatcher.Pattern Pattern, double[] Bounds)[] _settings;

    /// <param name="settings">Patterns over the stat's full name, with ascending bounds.</param>
    public HistogramBuckets(IReadOnlyList<(StatsMatcher.Pattern Pattern, double[] Bounds)> settings)
    {
        _settings = new (StatsMatcher.Pattern, double[])[settings.Count];
        for (int i = 0; i < settings.Count; i++)
        {
            _settings[i] = settings[i];
        }
    }

    /// <summary>The default bounds for all.</summary>
    public static HistogramBuckets Default { get; } = new([]);

    public static ReadOnlySpan<double> DefaultBounds => s_defaultBounds;

    /// <summary>The bounds of a stat.</summary>
    public double[] For(string name)
    {
        foreach ((StatsMatcher.Pattern pattern, double[] bounds) in _settings)
        {
            if (pattern.IsMatch(name))
            {
                return bounds;
            }
        }

        return s_defaultBounds;
    }
}
